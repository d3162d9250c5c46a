//! HTTP: translate, never decide
