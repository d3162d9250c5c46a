//! What can be wrong with a line beside the findings of a list: each code with a page of its own.

/// A code, and what there is to say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCode {
    /// The code, as it is told.
    pub code: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is wrong, and why there is such a rule.
    pub why: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

impl LineCode {
    /// The code that is told like this.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code == code)
    }

    /// Every code.
    pub const ALL: [Self; 17] = [
        Self {
            code: "no_consent",
            title: "No consent",
            why: "The customer does not consent to your registering devices for it: it never \
                  accepted your invitation, or it revoked its consent, or its consent has expired \
                  or does not cover this. A customer that does not exist is answered the same, so \
                  that nobody learns who is a customer.",
            fix: "Check the tenant id or the domain. Ask the customer's global administrator to \
                  accept your invitation, then send the line again. consents:check tells who \
                  consents now.",
        },
        Self {
            code: "wrong_tag",
            title: "Wrong group tag",
            why: "A group tag decides which profile a device gets, so it must be one of the \
                  catalogue, to the letter: capitals and small letters differ.",
            fix: "Write the tag as the answer names it, or leave the property out.",
        },
        Self {
            code: "registered_elsewhere",
            title: "Registered to another organization",
            why: "A device belongs to one customer. This one belongs to another than the line \
                  names; to whom is told to nobody.",
            fix: "If it is yours, release it (registrations:deregister) and send the line again. \
                  Else the organization that holds it must release it first.",
        },
        Self {
            code: "not_found",
            title: "Not found in the directory",
            why: "Nobody reported a device with this product key ID, or with this tuple, so that it \
                  can't be resolved to a machine.",
            fix: "Check the values. Report the device first (directory/devices), then send the line \
                  again.",
        },
        Self {
            code: "customer_missing",
            title: "No customer",
            why: "Each line is registered for the customer that it names, and this one names none.",
            fix: "Give the customer's tenant id or domain in customer.",
        },
        Self {
            code: "customer_unreadable",
            title: "The customer can't be read",
            why: "What stands in customer has more than 256 characters, or some that can't be shown, \
                  and so is neither a tenant id nor a domain.",
            fix: "Give the customer's tenant id or domain.",
        },
        Self {
            code: "reference_unreadable",
            title: "The reference can't be kept",
            why: "A reference is kept with the device for your own queries. It has at most 256 \
                  characters, and none that can't be shown.",
            fix: "Shorten it, or leave it out.",
        },
        Self {
            code: "purchase_order_unreadable",
            title: "The purchase order can't be kept",
            why: "The devices of an order become a batch of this name. It has at most 256 \
                  characters, of which at least one can be seen.",
            fix: "Shorten it, or leave it out.",
        },
        Self {
            code: "ship_date_unreadable",
            title: "The ship date is no date",
            why: "The ship date is kept with the device. It must be a day of the calendar, written \
                  so that it can't be taken for another.",
            fix: "Write it as YYYY-MM-DD, such as 2026-11-30, or leave it out.",
        },
        Self {
            code: "group_tag_unreadable",
            title: "The group tag can't be read",
            why: "What stands in groupTag has more than 256 characters, or some that can't be shown.",
            fix: "Give a tag of the catalogue, or leave it out.",
        },
        Self {
            code: "line_malformed",
            title: "No JSON object",
            why: "Each line, and each item of a list, is a JSON object with named properties. A list \
                  of values by their position is none: nobody could tell which is which.",
            fix: "Write an object: {\"customer\": \"contoso.example\", \"productKeyId\": \
                  \"3305612345678\"}.",
        },
        Self {
            code: "unknown_property",
            title: "Unknown property",
            why: "A property that is not known may be one that is misspelt. It is named rather than \
                  left out, so that nothing is lost silently.",
            fix: "Correct its name (capitals count), or leave it out.",
        },
        Self {
            code: "given_twice",
            title: "A property twice",
            why: "A property stands in the object more than once, and which of the values is meant \
                  can't be known.",
            fix: "Leave one of them.",
        },
        Self {
            code: "not_text",
            title: "Not text",
            why: "Every value is text. Programs that write serial numbers and product key IDs as \
                  numbers lose the zeros at their beginning.",
            fix: "Write the value in quotes, as it stands on the device.",
        },
        Self {
            code: "device_unnamed",
            title: "No device is named",
            why: "Nothing in the object tells which device is meant, or a part of the tuple is \
                  missing, or an id can't be read. Nothing is released on a guess.",
            fix: "Give an id, a reference, a productKeyId, a serialNumber, or manufacturer, model \
                  and serialNumber. Of several all must fit.",
        },
        Self {
            code: "tuple_missing",
            title: "No tuple",
            why: "The directory makes a tuple, a product key ID and a hash of the same machine one \
                  device. A report without the tuple has nothing to tie the others to.",
            fix: "Give manufacturer, model and serialNumber.",
        },
        Self {
            code: "smbios_uuid_unreadable",
            title: "No SMBIOS UUID",
            why: "By its SMBIOS UUID a machine's hardware hash is recognized. Zeros, or the same \
                  letter throughout, stand in firmware that was never given one.",
            fix: "Write it as the firmware shows it, 11223344-5566-7788-99aa-bbccddeeff00, or leave \
                  it out.",
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_there_once() {
        let mut codes = LineCode::ALL.map(|known| known.code);
        codes.sort_unstable();
        assert!(codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
        assert_eq!(
            LineCode::of("not_text").map(|known| known.title),
            Some("Not text")
        );
        assert_eq!(LineCode::of("EN0402"), None);
    }
}
