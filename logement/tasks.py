"""Celery's tasks: they take a key, call one function, and leave their state in a row."""

from celery import shared_task

from logement import jobs, upkeep


@shared_task
def run_job(job_id):
    jobs.run(job_id)


@shared_task
def sweep():
    jobs.sweep()


@shared_task
def every_hour():
    upkeep.every_hour()


@shared_task
def every_day():
    upkeep.every_day()


@shared_task
def every_month():
    upkeep.every_month()
