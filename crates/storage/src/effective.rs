//! Which deployment profile a device has, why, and since when: the order is decided once, here
//! (`docs/adr/0016`).

/// A column of the assignment of its customer's own that is the nearest to a device (`d`), as an
/// expression: one of its group tag, then one of all devices (of several, that of the profile made
/// first, whose id is the least), unless that profile excludes the tag.
macro_rules! nearest_assignment {
    ($column:literal) => {
        concat!(
            "(SELECT a.",
            $column,
            " FROM profile_assignment a WHERE a.customer_id = d.customer_id \
             AND (a.kind = 'all' OR (a.kind = 'group' AND a.group_tag = d.group_tag)) \
             AND NOT EXISTS (SELECT 1 FROM profile_assignment x \
             WHERE x.customer_id = a.customer_id AND x.profile_id = a.profile_id \
             AND x.kind = 'exclusion' AND x.group_tag = d.group_tag) \
             ORDER BY a.kind DESC, a.profile_id LIMIT 1)"
        )
    };
}

/// The id of the profile that a device (`d`) has, as an expression; `g` is the entry of the
/// catalogue for its group tag, joined from the left. In this order: the customer's own profile
/// assigned to the device, the nearest of its other assignments, the partner's configuration
/// policy, what the catalogue names.
macro_rules! effective_profile {
    () => {
        concat!(
            "COALESCE (d.profile_id, ",
            nearest_assignment!("profile_id"),
            ", d.policy_id, g.deployment_profile_id)"
        )
    };
}

/// Why a device has the profile of [`effective_profile`], in the words of
/// [`registration::customer_profile::ProfileOrigin`].
macro_rules! profile_origin {
    () => {
        concat!(
            "CASE WHEN d.profile_id IS NOT NULL THEN 'device' ELSE COALESCE (",
            nearest_assignment!("kind"),
            ", CASE WHEN d.policy_id IS NOT NULL THEN 'policy' ELSE 'catalogue' END) END"
        )
    };
}

/// Since when a device has the profile of [`effective_profile`]: the latest of when it was
/// registered, when its own profile, policy or group tag was changed, and when what decides now was
/// assigned. `greatest` is the function of the greatest of several numbers.
macro_rules! assigned_at {
    ($greatest:literal) => {
        concat!(
            $greatest,
            " (d.registered_at, COALESCE (d.assigned_at, d.registered_at), \
             COALESCE (CASE WHEN d.profile_id IS NULL THEN COALESCE (",
            nearest_assignment!("assigned_at"),
            ", CASE WHEN d.policy_id IS NULL THEN g.assigned_at END) END, d.registered_at))"
        )
    };
}

/// How many devices of a customer (given in its place) have each profile, and how many of those
/// have it themselves: devices that agree in all that decides are decided about once.
macro_rules! profile_reach {
    ($customer:literal) => {
        concat!(
            "SELECT p.id, CAST (SUM (p.n) AS BIGINT), CAST (SUM (p.directly) AS BIGINT) \
             FROM (SELECT ",
            effective_profile!(),
            " AS id, d.n AS n, CASE WHEN d.profile_id IS NULL THEN 0 ELSE d.n END AS directly \
             FROM (SELECT customer_id, group_tag, profile_id, policy_id, COUNT(*) AS n \
             FROM device WHERE customer_id = ",
            $customer,
            " GROUP BY customer_id, group_tag, profile_id, policy_id) d \
             LEFT JOIN group_tag g ON g.tag = d.group_tag) p \
             WHERE p.id IS NOT NULL GROUP BY p.id"
        )
    };
}

pub(crate) use {
    assigned_at, effective_profile, nearest_assignment, profile_origin, profile_reach,
};
