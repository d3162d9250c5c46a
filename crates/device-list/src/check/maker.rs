//! Makers whose firmware spells their name in one known way.
//!
//! Manufacturers are compared exactly at the original (PC-AP19), and people write them as they are
//! spoken. The spellings are those seen in SMBIOS of devices that Windows runs on (inferred): a
//! maker whose devices don't agree on one has all of them here as right, and one that is not known
//! well enough is not here at all.

/// A maker.
struct Maker {
    /// How its firmware spells it, the most usual first.
    right: &'static [&'static str],
    /// What people write instead, as letters and digits in lower case; all begin with the same two.
    also: &'static [&'static str],
}

const MAKERS: [Maker; 10] = [
    Maker {
        right: &["Dell Inc.", "Dell Computer Corporation"],
        also: &[
            "dell",
            "dellinc",
            "dellcomputer",
            "dellcomputers",
            "dellcomputercorp",
            "delltechnologies",
            "dellemc",
        ],
    },
    Maker {
        right: &["HP"],
        also: &["hp", "hpinc", "hpincorporated"],
    },
    Maker {
        right: &["Hewlett-Packard"],
        also: &[
            "hewlettpackard",
            "hewlettpackardcompany",
            "hewlettpackardinc",
        ],
    },
    Maker {
        right: &["LENOVO"],
        also: &[
            "lenovo",
            "lenovogroup",
            "lenovogrouplimited",
            "lenovogroupltd",
            "lenovoinc",
            "lenovopc",
            "lenovopcinternational",
        ],
    },
    Maker {
        right: &["Microsoft Corporation"],
        also: &[
            "microsoft",
            "microsoftcorp",
            "microsoftcorporation",
            "microsoftinc",
            "microsoftsurface",
        ],
    },
    Maker {
        right: &[
            "ASUSTeK COMPUTER INC.",
            "ASUSTeK Computer Inc.",
            "ASUSTeK Computer INC.",
        ],
        also: &["asus", "asustek", "asustekcomputer", "asustekcomputerinc"],
    },
    Maker {
        right: &["Acer", "Acer, inc.", "Acer Inc."],
        also: &["acer", "acerinc", "aceramerica"],
    },
    Maker {
        right: &["Dynabook Inc.", "dynabook Inc."],
        also: &["dynabook", "dynabookinc"],
    },
    Maker {
        right: &["TOSHIBA"],
        also: &["toshiba", "toshibacorporation", "toshibacorp"],
    },
    Maker {
        right: &["Panasonic Corporation", "Panasonic Connect Co., Ltd."],
        also: &["panasonic", "panasoniccorp", "panasoniccorporation"],
    },
];

/// The longest text that is looked up.
const LONGEST: usize = 32;

/// The usual spelling of the maker that a text names in another way; `None` where it is right, or
/// no known maker.
pub(crate) fn usual_spelling(text: &[u8]) -> Option<&'static str> {
    let maker = named(text)?;
    let right = maker.right.iter().any(|right| right.as_bytes() == text);
    (!right).then_some(maker.right[0])
}

/// Whether a text names a known maker, in whatever spelling.
pub(crate) fn is_maker(text: &[u8]) -> bool {
    named(text).is_some()
}

/// Whether both texts name the same known maker.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    match (named(one), named(other)) {
        (Some(one), Some(other)) => one.right == other.right,
        _ => false,
    }
}

fn named(text: &[u8]) -> Option<&'static Maker> {
    // Two letters are enough for most texts to be done with.
    let [first, second, ..] = text else {
        return None;
    };
    let beginning = u16::from_le_bytes([first, second].map(u8::to_ascii_lowercase));
    // A sum over all of them: no branch to guess wrong.
    let likely: usize = BEGINNINGS
        .iter()
        .map(|other| usize::from(*other == beginning))
        .sum();
    if likely == 0 || text.len() > LONGEST {
        return None;
    }
    let mut makers = MAKERS
        .iter()
        .zip(BEGINNINGS)
        .filter(|(_, other)| *other == beginning);
    let maker = makers.find(|(maker, _)| {
        maker.right.iter().any(|right| right.as_bytes() == text)
            || maker.also.iter().any(|also| is_bare(text, also.as_bytes()))
    });
    maker.map(|(maker, _)| maker)
}

/// The first two letters of the known makers, as one number each.
const BEGINNINGS: [u16; MAKERS.len()] = {
    let mut beginnings = [0; MAKERS.len()];
    let mut at = 0;
    while at < MAKERS.len() {
        let name = MAKERS[at].also[0].as_bytes();
        beginnings[at] = u16::from_le_bytes([name[0], name[1]]);
        at += 1;
    }
    beginnings
};

/// Whether a text's letters and digits are these.
fn is_bare(text: &[u8], bare: &[u8]) -> bool {
    // Names of known makers have no letters outside ASCII.
    let letters = text
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    text.len() >= bare.len() && letters.map(u8::to_ascii_lowercase).eq(bare.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spelling_is_told_for_another_only() {
        for (text, right) in [
            ("Dell", "Dell Inc."),
            ("DELL INC.", "Dell Inc."),
            ("dell inc", "Dell Inc."),
            ("Lenovo", "LENOVO"),
            ("Microsoft", "Microsoft Corporation"),
            ("HP Inc.", "HP"),
            ("Hewlett Packard", "Hewlett-Packard"),
            ("Asus", "ASUSTeK COMPUTER INC."),
            ("ACER", "Acer"),
        ] {
            assert_eq!(usual_spelling(text.as_bytes()), Some(right), "{text}");
        }
        for right in [
            "Dell Inc.",
            "HP",
            "Hewlett-Packard",
            "LENOVO",
            "Microsoft Corporation",
            "ASUSTeK Computer Inc.",
            "Contoso",
            "Dellmann",
            "HPE",
            "Litware",
            "",
            "Döll",
        ] {
            assert_eq!(usual_spelling(right.as_bytes()), None, "{right}");
        }
        assert!(is_same(b"Dell", b"Dell Inc.") && !is_same(b"HP", b"Hewlett-Packard"));
        assert!(!is_same(b"Contoso", b"Contoso"));
    }

    #[test]
    fn every_maker_is_known_by_what_it_is_called() {
        for maker in &MAKERS {
            for right in maker.right {
                assert!(
                    named(right.as_bytes()).is_some_and(|found| found.right == maker.right),
                    "{right}"
                );
            }
            for also in maker.also {
                assert!(
                    named(also.as_bytes()).is_some_and(|found| found.right == maker.right),
                    "{also}"
                );
                assert_eq!(also[..2], maker.also[0][..2]);
                assert!(
                    also.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                );
            }
        }
    }
}
