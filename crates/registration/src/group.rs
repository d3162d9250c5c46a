//! Groups, as Graph's clients know them (api.md 5.3): one for each group tag of a customer. Nobody
//! makes a group; its id is made from the customer and the tag, so it is the same whenever asked.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::ids::OrganizationId;

/// The id that stands for all devices of a customer, the same everywhere.
pub const ALL_DEVICES: Uuid =
    Uuid::from_bytes(*b"\xad\xad\xad\xad\x80\x8e\x44\xe2\x90\x5a\x0b\x78\x73\xa8\xa5\x31");

/// The devices of a customer that have one group tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: Uuid,
    /// The group tag, its name.
    pub tag: String,
}

impl Group {
    /// The group of a customer's devices with this tag.
    pub fn of(customer: OrganizationId, tag: &str) -> Self {
        Self {
            id: group_id(customer, tag),
            tag: tag.to_owned(),
        }
    }
}

/// The id of the group of a customer's devices with this tag.
pub fn group_id(customer: OrganizationId, tag: &str) -> Uuid {
    let mut hasher = Sha256::new();
    hasher.update(b"group of devices");
    hasher.update(customer.0.as_bytes());
    hasher.update(tag.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_its_customers_and_its_tags_alone() {
        let (one, other) = (OrganizationId(Uuid::nil()), OrganizationId(Uuid::max()));
        assert_eq!(group_id(one, "Lab"), group_id(one, "Lab"));
        assert_ne!(group_id(one, "Lab"), group_id(one, "lab"));
        assert_ne!(group_id(one, "Lab"), group_id(other, "Lab"));
        assert_eq!(group_id(one, "Lab").get_version_num(), 8);
        assert_eq!(
            ALL_DEVICES.to_string(),
            "adadadad-808e-44e2-905a-0b7873a8a531"
        );
    }
}
