"""Celery's tasks: they take a key, call one function, and leave their state in a row."""

from celery import shared_task

from logement import jobs


@shared_task
def run_job(job_id):
    jobs.run(job_id)


@shared_task
def sweep():
    jobs.sweep()
