//! Which deployment profile a device has: the order is decided once, here (`docs/adr/0016`).

/// The id of the profile that a device (`d`) has, as an expression; `g` is the entry of the
/// catalogue for its group tag, joined from the left. In this order: the customer's own profile
/// assigned to the device, to its group tag, to all devices (of several, the one made first, whose
/// id is the least); the partner's configuration policy; what the catalogue names.
macro_rules! effective_profile {
    () => {
        "COALESCE (d.profile_id, \
         (SELECT a.profile_id FROM profile_assignment a WHERE a.customer_id = d.customer_id \
         AND (a.kind = 'all' OR (a.kind = 'group' AND a.group_tag = d.group_tag)) \
         AND NOT EXISTS (SELECT 1 FROM profile_assignment x \
         WHERE x.customer_id = a.customer_id AND x.profile_id = a.profile_id \
         AND x.kind = 'exclusion' AND x.group_tag = d.group_tag) \
         ORDER BY a.kind DESC, a.profile_id LIMIT 1), \
         d.policy_id, g.deployment_profile_id)"
    };
}
pub(crate) use effective_profile;
