//! What `enlist demo` shows: an invented cast, its story so far, and lists to try things with.
//!
//! Everything happens through the use cases of `service`, as if people had done it in the portal
//! over the last month.

mod cast;
mod clock;
mod files;
mod lists;
mod programme;
mod stage;
mod teller;

pub(crate) use clock::DemoClock;
pub(crate) use files::DemoFiles;
pub(crate) use programme::programme;
pub(crate) use stage::Stage;

use registration::ids::Entropy;

/// A password that can be read aloud: 60 bits in twelve letters and digits.
pub(crate) fn password(entropy: &dyn Entropy) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = [0; 12];
    entropy.fill(&mut random);
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use registration::ids::SeededEntropy;
    use registration::user::check_password;

    #[test]
    fn made_up_passwords_are_good_enough_to_be_taken() {
        let password = super::password(&SeededEntropy::new(3));
        assert_eq!(check_password(&password), Ok(()));
        assert_eq!(password.len(), 14);
    }
}
