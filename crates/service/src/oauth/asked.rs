//! What a client asks a token for. The resources that clients of Partner Center and Graph name are
//! all names of this service; its permission words are ours.

use registration::api_client::{ApiScope, ApiScopes};

use super::TokenRefusal;
use super::refusal::shown;

/// Resources that clients ask for, without a slash at the end: Graph, Partner Center, the old
/// directory graph; by address and by id (api.md, 1.2 and 6.1).
const RESOURCES: [&str; 9] = [
    "https://graph.microsoft.com",
    "https://api.partnercenter.microsoft.com",
    "https://graph.windows.net",
    "https://graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];

/// Permissions of Graph that mean something here. Others grant nothing: scripts ask for many more
/// than they use (api.md, 5.4).
const GRAPH_WORDS: [(&str, &[ApiScope]); 2] = [
    (
        "DeviceManagementServiceConfig.Read.All",
        &[ApiScope::DevicesRead],
    ),
    (
        "DeviceManagementServiceConfig.ReadWrite.All",
        &[
            ApiScope::DevicesRead,
            ApiScope::DevicesRegister,
            ApiScope::ProfilesManage,
        ],
    ),
];

/// What was asked, against what the client may be used for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    /// What the token is for.
    pub(crate) scopes: ApiScopes,
    /// `openid`: an `id_token` is wanted.
    pub(crate) openid: bool,
    /// `offline_access`: a refresh token is wanted.
    pub(crate) offline: bool,
    /// The words as they were asked, which clients keep their tokens under.
    pub(crate) words: String,
}

impl Asked {
    /// Reads `scope` of a version 2 endpoint.
    pub(crate) fn scope(text: &str, own: &str, may: ApiScopes) -> Result<Self, TokenRefusal> {
        let mut asked = Self::default();
        for word in text.split_whitespace() {
            match word {
                "openid" => asked.openid = true,
                "offline_access" => asked.offline = true,
                "profile" | "email" => {}
                word => asked.scopes = asked.scopes.either(meant(word, own, may)?),
            }
        }
        asked.words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(asked)
    }

    /// All of `may`, and who signed in.
    pub(crate) fn all(may: ApiScopes) -> Self {
        Self {
            scopes: may,
            openid: true,
            offline: true,
            words: may.to_string(),
        }
    }

    /// Reads `resource` of a version 1 endpoint: all that the client may be used for, an
    /// `id_token` and a refresh token.
    pub(crate) fn resource(text: &str, own: &str, may: ApiScopes) -> Result<Self, TokenRefusal> {
        if !text.is_empty() && !is_ours(text, own) {
            return Err(no_such_resource(text));
        }
        Ok(Self {
            words: "user_impersonation".to_owned(),
            ..Self::all(may)
        })
    }
}

fn meant(word: &str, own: &str, may: ApiScopes) -> Result<ApiScopes, TokenRefusal> {
    let name = match word.rsplit_once('/') {
        Some((resource, name)) if is_ours(resource, own) => name,
        Some((resource, _)) => return Err(no_such_resource(resource)),
        None => word,
    };
    if name == ".default" || name == "user_impersonation" {
        return Ok(may);
    }
    if let Some((_, scopes)) = GRAPH_WORDS.iter().find(|(known, _)| *known == name) {
        return Ok(scopes.iter().copied().collect::<ApiScopes>().both(may));
    }
    match ApiScope::parse(name) {
        Some(scope) if may.contains(scope) => Ok([scope].into_iter().collect()),
        Some(_) => Err(invalid_scope(format!(
            "The client is not registered for the scope {name}. An administrator of its \
             organization can add a client that is."
        ))),
        None if name.starts_with(|c: char| c.is_ascii_uppercase()) => Ok(ApiScopes::default()),
        None => Err(invalid_scope(format!(
            "The scope '{}' is not one of this service. Ask for .default, or for: {}.",
            shown(name),
            ApiScopes::all()
        ))),
    }
}

fn is_ours(resource: &str, own: &str) -> bool {
    let resource = resource.trim_end_matches('/');
    let same = |known: &&str| known.eq_ignore_ascii_case(resource);
    RESOURCES.iter().any(same)
        || same(&own)
        || resource
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("api://"))
}

fn no_such_resource(text: &str) -> TokenRefusal {
    let text = format!(
        "The resource principal named {} was not found. Ask for https://graph.microsoft.com, \
         https://api.partnercenter.microsoft.com or the address of this service.",
        shown(text)
    );
    TokenRefusal::new("invalid_resource", 500_011, text)
}

fn invalid_scope(text: String) -> TokenRefusal {
    TokenRefusal::new("invalid_scope", 70_011, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://enlist.contoso.example";

    fn read(scope: &str) -> Result<Asked, TokenRefusal> {
        Asked::scope(
            scope,
            OWN,
            ApiScopes::parse("devices.read devices.register"),
        )
    }

    #[test]
    fn default_of_any_known_resource_is_all_that_the_client_may() {
        for resource in [
            "https://graph.microsoft.com",
            "https://graph.windows.net/",
            "https://api.partnercenter.microsoft.com",
            "00000003-0000-0000-c000-000000000000",
            "api://anything",
            OWN,
        ] {
            let asked = read(&format!("{resource}/.default")).expect("known");
            assert_eq!(asked.scopes.to_string(), "devices.read devices.register");
        }
        let refused = read("https://vault.azure.example/.default").expect_err("unknown");
        assert_eq!(
            (refused.error, refused.number),
            ("invalid_resource", 500_011)
        );
    }

    #[test]
    fn words_narrow_the_token_and_openid_words_are_told_apart() {
        let asked = read("openid  offline_access profile https://graph.microsoft.com/DeviceManagementServiceConfig.Read.All")
            .expect("known");
        assert!(asked.openid && asked.offline);
        assert_eq!(asked.scopes.to_string(), "devices.read");
        assert!(
            asked
                .words
                .starts_with("openid offline_access profile https://")
        );
        assert!(read("openid").expect("fine").scopes.is_empty());
        assert_eq!(
            read("devices.read").expect("own").scopes.to_string(),
            "devices.read"
        );
    }

    #[test]
    fn permissions_of_other_services_grant_nothing_and_unknown_words_are_refused() {
        assert!(
            read("Group.ReadWrite.All User.Read")
                .expect("ignored")
                .scopes
                .is_empty()
        );
        for bad in ["devices.fly", "audit.read", "api://x/devices.fly"] {
            assert_eq!(
                read(bad).expect_err("refused").error,
                "invalid_scope",
                "{bad}"
            );
        }
    }

    #[test]
    fn a_resource_of_version_1_is_all_that_the_client_may() {
        let may = ApiScopes::parse("devices.read");
        let asked = Asked::resource("https://graph.windows.net", OWN, may).expect("known");
        assert_eq!(asked.scopes, may);
        assert!(Asked::resource("https://vault.example", OWN, may).is_err());
        assert!(Asked::resource("", OWN, may).is_ok());
    }
}
