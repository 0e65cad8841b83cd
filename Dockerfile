# One image for web, worker, beat and migrations.

FROM node:24-slim AS front
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev
COPY static/src static/src
RUN npm run build


FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt


FROM python:3.11-slim-bookworm
# WeasyPrint draws PDFs with these.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin casework \
 && install --directory --owner=casework --group=casework --mode=0700 /data

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=csp.settings DATA_DIR=/data
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=front /app/node_modules/@fontsource node_modules/@fontsource
COPY --from=front /app/static/build static/build
COPY manage.py ./
COPY deploy deploy
COPY templates templates
COPY demo demo
COPY csp csp
COPY cases cases
COPY tasking tasking
COPY performance performance
# Collecting reads settings, which ask for everything that production needs; none of these values stays in the image.
RUN SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build PUBLIC_URL=https://build.example \
    EMAIL_HOST=build DEFAULT_FROM_EMAIL=build@build.example \
    python manage.py collectstatic --no-input --verbosity=0

USER casework
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "deploy/healthcheck.py", "web"]
CMD ["gunicorn", "--config=deploy/gunicorn.conf.py", "csp.wsgi"]
