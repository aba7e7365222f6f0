# One image for the web process, the worker and the beat: docker-compose.yml tells them apart.
# The Python of the tests.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir uv \
    && useradd --create-home --uid 1000 logement \
    && install --directory --owner logement /data /data/files /data/backups

ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/data
WORKDIR /app

# The libraries change less often than the code: a layer of their own.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra s3 --no-cache --compile-bytecode --no-managed-python --no-python-downloads

COPY . .
RUN SECRET_KEY=only-to-collect-static-files python manage.py collectstatic --no-input

USER logement
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "logement.wsgi"]
