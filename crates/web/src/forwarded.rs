//! Behind a proxy: the address that the proxy says a request comes from, for the rate limits and
//! the log. Only the header that the operator named is believed, and of it only what the nearest
//! proxy added, which is the last: whatever stands before came from outside.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::map_request;

/// Which header a proxy sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 203.0.113.7`
    XForwardedFor,
    /// `Forwarded: for=203.0.113.7` (RFC 7239)
    Forwarded,
}

/// The router where a request comes from whom the proxy says.
pub fn trusting(router: Router, believed: ForwardedHeader) -> Router {
    router.layer(map_request(move |mut request: Request| async move {
        if let Some(address) = believed.address(request.headers()) {
            let address = SocketAddr::new(address, 0);
            request.extensions_mut().insert(ConnectInfo(address));
        }
        request
    }))
}

impl ForwardedHeader {
    fn address(self, headers: &HeaderMap) -> Option<IpAddr> {
        let name = match self {
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        };
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        let nearest = value.rsplit(',').next()?.trim();
        match self {
            Self::XForwardedFor => address(nearest),
            Self::Forwarded => nearest.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                let is_for = name.trim().eq_ignore_ascii_case("for");
                is_for.then(|| address(value.trim().trim_matches('"')))?
            }),
        }
    }
}

/// An address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((inner, _)) = bare {
        return inner.parse().ok();
    }
    let alone = text.parse().ok();
    alone.or_else(|| text.parse::<SocketAddr>().ok().map(|both| both.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(believed: ForwardedHeader, name: &'static str, values: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        let found = believed.address(&headers);
        found.map_or_else(String::new, |address| address.to_string())
    }

    #[test]
    fn what_the_nearest_proxy_added_is_believed() {
        let of =
            |values: &[&'static str]| of(ForwardedHeader::XForwardedFor, "x-forwarded-for", values);
        assert_eq!(of(&["203.0.113.7"]), "203.0.113.7");
        assert_eq!(of(&["10.0.0.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(of(&["10.0.0.1", "203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(of(&["2001:db8::1"]), "2001:db8::1");
        assert_eq!(of(&["[2001:db8::1]:443"]), "2001:db8::1");
        for nothing in ["", "unknown", "203.0.113.7, _hidden", "[::1", "1.2.3"] {
            assert_eq!(of(&[nothing]), "", "{nothing}");
        }
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn the_standard_header_is_read_as_it_is_written() {
        let of = |values: &[&'static str]| of(ForwardedHeader::Forwarded, "forwarded", values);
        assert_eq!(
            of(&["for=10.0.0.1, by=x;For=\"[2001:db8::1]:47\";proto=https"]),
            "2001:db8::1"
        );
        assert_eq!(of(&["for=203.0.113.7"]), "203.0.113.7");
        assert_eq!(of(&["proto=https"]), "");
    }

    #[test]
    fn a_header_that_was_not_named_says_nothing() {
        let other = of(
            ForwardedHeader::XForwardedFor,
            "forwarded",
            &["for=10.0.0.1"],
        );
        assert_eq!(other, "");
    }
}
