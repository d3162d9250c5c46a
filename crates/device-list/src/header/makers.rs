//! Names that makers of computers put into their firmware: a table to be added to.

use crate::identifier::fold;

/// Makers as they are compared, so in lower case; words of [`COMPANY`] may follow.
const MAKERS: [&str; 56] = [
    "acer",
    "advantech",
    "apple",
    "asrock",
    "asus",
    "asustek",
    "avita",
    "beelink",
    "clevo",
    "colorful",
    "compal",
    "compaq",
    "dell",
    "dynabook",
    "elitegroup",
    "fujitsu",
    "gateway",
    "getac",
    "gigabyte",
    "google",
    "hewlett packard",
    "hewlett-packard",
    "honor",
    "hp",
    "hpe",
    "huawei",
    "ibm",
    "inspur",
    "intel",
    "itronix",
    "lenovo",
    "lg",
    "medion",
    "micro-star",
    "microsoft",
    "microtech",
    "msi",
    "nec",
    "nexoc",
    "panasonic",
    "pegatron",
    "positivo",
    "quanta",
    "razer",
    "samsung",
    "schenker",
    "shuttle",
    "sony",
    "supermicro",
    "system76",
    "terra",
    "toshiba",
    "tuxedo",
    "vaio",
    "wortmann",
    "xiaomi",
];

/// Words that may follow a maker's name.
const COMPANY: [&str; 34] = [
    "ag",
    "and",
    "bv",
    "client",
    "co",
    "company",
    "computer",
    "computers",
    "computing",
    "corp",
    "corporation",
    "de",
    "device",
    "devices",
    "electronics",
    "enterprise",
    "gmbh",
    "group",
    "holdings",
    "inc",
    "international",
    "kg",
    "limited",
    "llc",
    "ltd",
    "of",
    "packard",
    "plc",
    "products",
    "pte",
    "sa",
    "solutions",
    "technologies",
    "technology",
];

/// Whether a value is a known maker's name: "Dell Inc.", "HP", "LENOVO".
pub(super) fn is_known(value: &str) -> bool {
    let folded = fold(value);
    let company = |rest: &str| {
        rest.split(|c: char| !c.is_ascii_alphanumeric())
            .all(|word| word.is_empty() || COMPANY.contains(&word))
    };
    MAKERS.iter().any(|maker| {
        folded
            .strip_prefix(maker)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()) && company(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_known_in_any_writing() {
        for maker in [
            "Dell Inc.",
            "HP",
            "Hewlett-Packard",
            "LENOVO",
            "Microsoft Corporation",
            "ASUSTeK COMPUTER INC.",
            "Micro-Star International Co., Ltd.",
            "Samsung Electronics Co., Ltd.",
        ] {
            assert!(is_known(maker), "{maker}");
        }
        for other in [
            "",
            "Contoso",
            "HP EliteBook",
            "Dellwood",
            "LGX",
            "Surface Laptop",
        ] {
            assert!(!is_known(other), "{other}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_folded() {
        assert!(MAKERS.is_sorted() && COMPANY.is_sorted());
        assert!(MAKERS.iter().all(|maker| fold(maker) == *maker));
    }
}
