//! SQL lives only here: SQLite and PostgreSQL siblings behind narrow traits
