//! What a client asks a token for. The resources that clients of Partner Center and Graph name are
//! all names of this service; its permission words are ours.

use registration::api_client::{ApiScope, ApiScopes};

use super::TokenRefusal;

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

/// Words of `OpenID`, which grant nothing to a program by itself.
const OPENID_WORDS: [&str; 4] = ["openid", "offline_access", "profile", "email"];

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

/// Reads `scope` of a version 2 endpoint. What `OpenID` adds is for people who sign in.
pub(crate) fn scopes_of(text: &str, own: &str, may: ApiScopes) -> Result<ApiScopes, TokenRefusal> {
    let words = text.split_whitespace();
    let ours = words.filter(|word| !OPENID_WORDS.contains(word));
    ours.map(|word| meant(word, own, may))
        .try_fold(ApiScopes::default(), |all, more| Ok(all.either(more?)))
}

/// Reads `resource` of a version 1 endpoint: all that the client may be used for.
pub(crate) fn scopes_of_resource(
    text: &str,
    own: &str,
    may: ApiScopes,
) -> Result<ApiScopes, TokenRefusal> {
    if text.is_empty() || is_ours(text, own) {
        Ok(may)
    } else {
        Err(no_such_resource(text))
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

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://enlist.contoso.example";

    fn read(scope: &str) -> Result<ApiScopes, TokenRefusal> {
        let may = ApiScopes::parse("devices.read devices.register");
        scopes_of(scope, OWN, may)
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
            assert_eq!(asked.to_string(), "devices.read devices.register");
        }
        let refused = read("https://vault.azure.example/.default").expect_err("unknown");
        assert_eq!(
            (refused.error, refused.number),
            ("invalid_resource", 500_011)
        );
    }

    #[test]
    fn words_narrow_the_token_and_openid_words_grant_nothing() {
        let asked = read("openid  offline_access profile https://graph.microsoft.com/DeviceManagementServiceConfig.Read.All")
            .expect("known");
        assert_eq!(asked.to_string(), "devices.read");
        assert!(read("openid").expect("fine").is_empty());
        assert_eq!(
            read("devices.read").expect("own").to_string(),
            "devices.read"
        );
    }

    #[test]
    fn permissions_of_other_services_grant_nothing_and_unknown_words_are_refused() {
        let others = read("Group.ReadWrite.All User.Read");
        assert!(others.expect("ignored").is_empty());
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
        let of = |resource| scopes_of_resource(resource, OWN, may);
        assert_eq!(of("https://graph.windows.net").expect("known"), may);
        assert_eq!(of("").expect("the service itself"), may);
        assert!(of("https://vault.example").is_err());
    }
}
