"""Caches that nobody needs: what they hold is only kept to go faster."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgetfulCache(RedisCache):
    """A Redis that may be stopped, emptied or slow: then nothing is found, and nothing is kept."""

    def get(self, key, default=None, version=None):
        try:
            return super().get(key, default, version)
        except RedisError as error:
            logger.warning("Nothing could be read from the cache: %s", error)
            return default

    def set(self, key, value, *args, **kwargs):
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            logger.warning("Nothing could be kept in the cache: %s", error)
