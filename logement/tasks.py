"""Celery's tasks: they take a key, call one function, and leave their state in a row."""

from celery import shared_task

from logement import audit, imports, jobs, mail, retention, upkeep
from logement.backup import rotation

upkeep.often(jobs.sweep)
upkeep.often(mail.sweep)
upkeep.hourly(imports.forget_expired)
upkeep.daily(retention.announce)
upkeep.daily(retention.anonymise_due)
upkeep.daily(rotation.save_tonight)
upkeep.monthly(audit.purge_access_log)
upkeep.monthly(mail.purge)


@shared_task
def run_job(job_id):
    jobs.run(job_id)


@shared_task
def send_mail_waiting():
    mail.send_waiting()


@shared_task
def keep_up(rhythm):
    upkeep.run(rhythm)
