"""Static files with their hash in their name, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's, with the imports inside JavaScript modules hashed as well."""

    support_js_module_import_aggregation = True
