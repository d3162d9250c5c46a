//! What the whole-product tests share: the real binary as a server, somebody who speaks HTTP to
//! it, and a real browser.

pub mod accessibility;
pub mod browser;
pub mod database;
pub mod desk;
pub mod http;
pub mod server;
pub mod webdriver;
