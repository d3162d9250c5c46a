//! The Graph-compatible API: `/v1.0` and `/beta`, for customers' own administrators and their
//! scripts (api.md, section 5).

pub mod odata;
