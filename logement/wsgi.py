"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logement.settings")
application = get_wsgi_application()

from logement import jobs  # noqa: E402  models can be imported only once Django is set up

jobs.start_embedded_worker()
