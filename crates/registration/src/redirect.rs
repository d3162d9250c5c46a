//! Where a browser may be sent with an authorization code (RFC 6749, 3.1.2; RFC 8252, 7.3).

use thiserror::Error;

use crate::api_client::ApiClient;

/// Redirect addresses of one client.
pub const REDIRECTS_AT_MOST: usize = 10;

/// Why redirect addresses were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedirectError {
    /// Not a redirect address.
    #[error(
        "A redirect address is https://…, or http:// with localhost, 127.0.0.1 or [::1]; it has no #."
    )]
    Address,
    /// Too many of them.
    #[error("A client has at most {REDIRECTS_AT_MOST} redirect addresses.")]
    TooMany,
}

/// Reads redirect addresses, one a line.
pub fn parse(text: &str) -> Result<Vec<String>, RedirectError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut redirects = Vec::new();
    for line in lines {
        let redirect = check_redirect(line)?.to_owned();
        if !redirects.contains(&redirect) {
            redirects.push(redirect);
        }
    }
    if redirects.len() > REDIRECTS_AT_MOST {
        return Err(RedirectError::TooMany);
    }
    Ok(redirects)
}

fn check_redirect(text: &str) -> Result<&str, RedirectError> {
    let plain = text.len() <= 500 && text.bytes().all(|b| b.is_ascii_graphic());
    let odd = text.contains(['#', '\\', '"', '<', '>', '*']);
    let right = match split(text) {
        Some(("https", host, _)) => !host.is_empty() && !host.contains('@'),
        Some(("http", host, _)) => loopback(host).is_some(),
        _ => false,
    };
    if plain && !odd && right {
        Ok(text)
    } else {
        Err(RedirectError::Address)
    }
}

/// Scheme, host with port, and the rest.
fn split(address: &str) -> Option<(&str, &str, &str)> {
    let (scheme, after) = address.split_once("://")?;
    let end = after.find(['/', '?']).unwrap_or(after.len());
    Some((scheme, &after[..end], &after[end..]))
}

/// The host without its port, if it is this machine.
fn loopback(host: &str) -> Option<&str> {
    let names = ["localhost", "127.0.0.1", "[::1]"];
    names.into_iter().find(|name| {
        host.strip_prefix(name)
            .is_some_and(|port| port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
    })
}

/// Whether a code of this client may be sent to `asked`: it is one of those registered, letter by
/// letter. For a public client on this machine any port will do, since such programs take a free
/// one (RFC 8252, 7.3).
pub fn may_go_to(client: &ApiClient, asked: &str) -> bool {
    let same_but_port = |known: &str| {
        let (Some(("http", one, path)), Some(("http", other, asked_path))) =
            (split(known), split(asked))
        else {
            return false;
        };
        let this = loopback(one);
        this.is_some()
            && this == loopback(other)
            && path.trim_end_matches('/') == asked_path.trim_end_matches('/')
    };
    client
        .redirects
        .iter()
        .any(|known| known == asked || (client.public && same_but_port(known)))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Scheme, host and port of an address that was checked: what a page must be allowed to send a
/// browser to.
pub fn origin(address: &str) -> String {
    split(address).map_or_else(String::new, |(scheme, host, _)| {
        format!("{scheme}://{host}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api_client::ApiScopes;
    use crate::clock::Timestamp;
    use crate::ids::{ClientId, OrganizationId, SeededEntropy, UserId, uuid_v7};
    use crate::user::Role;

    #[test]
    fn redirects_are_https_or_this_machine() {
        let good = "https://app.contoso.example/callback\n\n http://localhost \nhttp://localhost";
        assert_eq!(
            parse(good),
            Ok(vec![
                "https://app.contoso.example/callback".to_owned(),
                "http://localhost".to_owned()
            ])
        );
        for bad in [
            "http://contoso.example/",
            "https://",
            "https://user@host/",
            "https://contoso.example/#x",
            "javascript:alert(1)",
            "http://localhost.contoso.example/",
            "http://127.0.0.1:port/",
            "https://a b/",
        ] {
            assert_eq!(parse(bad), Err(RedirectError::Address), "{bad}");
        }
        let many = (0..11).map(|n| format!("https://h{n}.example/\n"));
        assert_eq!(
            parse(&many.collect::<String>()),
            Err(RedirectError::TooMany)
        );
    }

    fn client(redirects: &[&str], public: bool) -> ApiClient {
        let id = uuid_v7(Timestamp(1), &SeededEntropy::new(1));
        ApiClient {
            id: ClientId(id),
            organization_id: OrganizationId(id),
            name: "Desk".to_owned(),
            role: Role::Reader,
            scopes: ApiScopes::all(),
            redirects: redirects.iter().map(|&text| text.to_owned()).collect(),
            public,
            created_by: UserId(id),
            created_at: Timestamp(1),
            revoked_at: None,
            last_used_at: None,
        }
    }

    const KNOWN: [&str; 3] = [
        "https://app.contoso.example/cb",
        "http://localhost",
        "http://127.0.0.1:9/x",
    ];

    #[test]
    fn a_code_goes_where_it_was_registered_and_a_public_one_on_this_machine_to_any_port() {
        let known = client(&KNOWN, true);
        for good in [
            "https://app.contoso.example/cb",
            "http://localhost:53121",
            "http://localhost:53121/",
            "http://127.0.0.1:40000/x",
        ] {
            assert!(may_go_to(&known, good), "{good}");
        }
        for bad in [
            "https://app.contoso.example/cb/",
            "https://app.contoso.example:8443/cb",
            "http://localhost:53121/other",
            "http://127.0.0.1:40000",
            "http://localhost:+80",
            "http://localhost@evil.example/",
            "http://localhost.evil.example/",
        ] {
            assert!(!may_go_to(&known, bad), "{bad}");
        }
        let confidential = client(&KNOWN, false);
        assert!(may_go_to(&confidential, "http://127.0.0.1:9/x"));
        assert!(!may_go_to(&confidential, "http://127.0.0.1:40000/x"));
    }

    #[test]
    fn the_origin_is_all_before_the_path() {
        let origin_of = |text| origin(text);
        assert_eq!(
            origin_of("http://localhost:8080/x?y"),
            "http://localhost:8080"
        );
        assert_eq!(origin_of("https://app.example"), "https://app.example");
    }
}
