//! What a header says of its column beside the name: "Serial Number (IMEI)" holds IMEIs.

use super::names::bare;

/// What a header says that the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Numbers of modems: IMEI, MEID.
    Imei,
    /// Addresses of network adapters.
    Mac,
}

impl Said {
    /// As a sentence goes on after "The header says that".
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Imei => "this is an IMEI",
            Self::Mac => "this is a network adapter's address (MAC)",
        }
    }

    /// What one part of a header, or a header that is nothing else, says.
    fn of(part: &str) -> Option<Self> {
        match bare(part).as_str() {
            "imei" | "imei1" | "imei2" | "imeino" | "imeinr" | "imeinumber" | "imeinummer"
            | "imeisv" | "meid" => Some(Self::Imei),
            "mac" | "macaddress" | "macaddr" | "macadresse" | "macid" | "adressemac"
            | "direccionmac" | "enderecomac" | "indirizzomac" | "macadres" | "ethernetmac"
            | "lanmac" | "wifimac" | "wlanmac" | "wifimacaddress" | "wlanmacaddress"
            | "ethernetmacaddress" | "lanmacaddress" | "physicaladdress" => Some(Self::Mac),
            _ => None,
        }
    }
}

fn parts(header: &str) -> impl Iterator<Item = &str> {
    let parts = header.split(['/', '(', ')', '[', ']', '+', '&']);
    parts.filter(|part| !bare(part).is_empty())
}

/// What a header says of its values.
pub(super) fn said(header: &str) -> Option<Said> {
    parts(header).find_map(Said::of)
}

/// The name in a header that says more than that, in front of it or behind.
pub(super) fn name_beside(header: &str) -> Option<&str> {
    if !header.contains(['/', '(', '[', '+', '&']) || said(header).is_none() {
        return None;
    }
    let mut names = parts(header).filter(|part| Said::of(part).is_none());
    names.next().filter(|_| names.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Column;
    use crate::header::column_named;

    #[test]
    fn a_serial_number_may_be_said_to_be_something_else() {
        for (header, expected) in [
            ("Serial Number (IMEI)", Said::Imei),
            ("Serial Number / IMEI", Said::Imei),
            ("IMEI/Serial Number", Said::Imei),
            ("S/N (MAC-Adresse)", Said::Mac),
            ("Seriennummer [MAC Address]", Said::Mac),
        ] {
            assert_eq!(said(header), Some(expected), "{header}");
        }
        for header in [
            "Serial Number / IMEI",
            "IMEI/Serial Number",
            "Serial Number (IMEI)",
        ] {
            assert_eq!(column_named(header), Some(Column::Serial), "{header}");
        }
    }

    #[test]
    fn other_names_say_nothing() {
        for header in [
            "Serial Number",
            "S/N",
            "Serial Number (S/N)",
            "Machine",
            "Macro",
            "",
        ] {
            assert_eq!(said(header), None, "{header}");
        }
        for header in ["IMEI", "IMEI/MEID", "Make/Model/IMEI", "MAC address"] {
            assert_eq!(column_named(header), None, "{header}");
        }
    }
}
