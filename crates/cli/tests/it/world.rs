//! What the whole-product tests share: the real binary as a server, somebody who speaks HTTP to
//! it, a real browser, and the registration desk beside it.

pub(crate) mod accessibility;
pub(crate) mod browser;
pub(crate) mod database;
pub(crate) mod desk;
pub(crate) mod http;
pub(crate) mod keyboard;
pub(crate) mod lists;
pub(crate) mod server;
pub(crate) mod webdriver;
