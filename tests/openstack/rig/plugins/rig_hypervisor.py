"""Nova's fake hypervisor, fit to be started again.

The one it comes from draws a new node id with every start, whereupon nova-compute refuses to run a second time, and has
forgotten its servers.
"""
from nova.compute import power_state
from nova.virt import fake
from nova.virt import node


class Hypervisor(fake.FakeDriver):
    def _remember(self, instance):
        if instance.uuid not in self.instances:
            state = instance.power_state or power_state.RUNNING
            self.instances[instance.uuid] = fake.FakeInstance(instance.name, state, instance.uuid)

    def get_info(self, instance, use_cache=True):
        if instance.vm_state in ('active', 'stopped'):
            self._remember(instance)
        return super().get_info(instance, use_cache)

    def power_off(self, instance, timeout=0, retry_interval=0):
        self._remember(instance)
        super().power_off(instance, timeout, retry_interval)

    def power_on(self, context, instance, network_info, **kwargs):
        self._remember(instance)
        super().power_on(context, instance, network_info, **kwargs)

    def attach_interface(self, context, instance, image_meta, vif):
        self._interfaces[vif['id']] = vif

    def detach_interface(self, context, instance, vif):
        self._interfaces.pop(vif['id'], None)

    def get_available_resource(self, nodename):
        status = super().get_available_resource(nodename)
        if status:
            status['uuid'] = node.get_local_node_uuid()
        return status

    def get_nodenames_by_uuid(self, refresh=False):
        return {node.get_local_node_uuid(): name for name in self.get_available_nodes()}
