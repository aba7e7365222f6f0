"""The table of the shared cache (`CACHES` in settings.py), where the tries at signing in are counted."""

from django.db import models


class CacheEntry(models.Model):
    """A row of django.core.cache.backends.db, whose columns these are. A model so that migrations make the table."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "logement_cache"
        verbose_name = "ligne du cache"
        verbose_name_plural = "lignes du cache"

    def __str__(self):
        return self.cache_key
