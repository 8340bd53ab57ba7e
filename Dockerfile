# One image for every process; `--build-arg LOCAL=1` adds torch and transformers.
FROM python:3.11-slim-bookworm AS build
ARG LOCAL=0
# Lets a builder choose which build of torch suits the machine; empty means pip's own default.
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements/ /requirements/
# The core, and what reaches a bucket.
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r /requirements/s3.txt
RUN if [ "$LOCAL" = 1 ]; then /opt/venv/bin/pip install -r /requirements/local.txt; fi

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin annotate \
    && install -d -o annotate -g annotate -m 0700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY manage.py LICENSE ./
COPY deploy/healthcheck.py deploy/
COPY annotate/ annotate/
COPY labeling/ labeling/
COPY exports/ exports/
RUN /opt/venv/bin/python -m compileall -q annotate labeling exports
ENV PATH=/opt/venv/bin:$PATH \
    DATA_DIR=/data \
    HF_HOME=/data/huggingface \
    PYTHONUNBUFFERED=1
USER annotate
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "annotate.wsgi:application"]
