# One image for web, the workers and beat. Nothing secret goes in: keys come from the
# environment when it runs.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data
WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
RUN pybabel compile --directory locale --domain django \
    && useradd --uid 1000 --home-dir /app --no-create-home wegwijs \
    && install --directory --owner wegwijs --mode 700 /data

USER wegwijs
VOLUME /data
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate && python manage.py collectstatic --noinput --verbosity 0 && exec gunicorn mentoring.wsgi --bind 0.0.0.0:${PORT:-8000} --workers 2 --threads 4 --worker-tmp-dir /dev/shm --no-control-socket"]
