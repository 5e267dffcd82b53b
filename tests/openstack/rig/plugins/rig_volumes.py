"""A volume driver that stores nothing: every operation succeeds at once."""
from cinder.tests import fake_driver


class Volumes(fake_driver.FakeLoggingVolumeDriver):
    def clone_image(self, context, volume, image_location, image_meta, image_service):
        # "Cloned", so that nothing is downloaded.
        return {}, True

    def copy_image_to_volume(self, *args, **kwargs):
        pass

    def extend_volume(self, volume, new_size):
        pass

    def retype(self, *args, **kwargs):
        return True

    def _update_volume_stats(self):
        super()._update_volume_stats()
        # The one it comes from reserves everything.
        self._stats['pools'][0]['reserved_percentage'] = 0
