//! The journey's second half: devices.

use crate::journey::Journey;

impl Journey {
    pub(crate) fn partner_adds_devices(&mut self) {}
    pub(crate) fn partner_uses_the_repaired_list(&mut self) {}
    pub(crate) fn partner_saves_and_reads_the_result(&mut self) {}
    pub(crate) fn partner_sees_devices_and_profiles(&mut self) {}
    pub(crate) fn devices_ask(&mut self) {}
    pub(crate) fn customer_sees_its_devices(&mut self) {}
    pub(crate) fn customer_revokes(&mut self) {}
    pub(crate) fn next_upload_is_refused(&mut self) {}
    pub(crate) fn customer_deregisters(&mut self) {}
}
