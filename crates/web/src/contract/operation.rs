//! One operation as a face declares it.

use axum::http::Method;
use registration::api_client::ApiScope;
use serde_json::{Map, Value, json};

/// How a face says that something is wrong.
#[derive(Clone, Default)]
pub(crate) struct Failures(Vec<(&'static str, &'static str, &'static str, Value)>);

impl Failures {
    /// With this status (`404`, `4XX`), of this type, with a body of this schema.
    #[must_use]
    pub(crate) fn with(
        mut self,
        status: &'static str,
        about: &'static str,
        kind: &'static str,
        schema: Value,
    ) -> Self {
        self.0.push((status, about, kind, schema));
        self
    }
}

/// One operation: what it takes, and everything that it may answer.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) about: &'static str,
    pub(crate) scope: Option<ApiScope>,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: Map<String, Value>,
}

impl Operation {
    /// One without a token and without an answer yet.
    pub(crate) fn new(
        method: Method,
        path: &'static str,
        tag: &'static str,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            tag,
            id,
            summary,
            about: "",
            scope: None,
            parameters: Vec::new(),
            body: None,
            answers: Map::new(),
        }
    }

    /// More about it.
    #[must_use]
    pub(crate) fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// The scope that its token must have.
    #[must_use]
    pub(crate) fn needs(self, scope: ApiScope) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// What stands at a place of its address. A word that any text may stand for needs none.
    #[must_use]
    pub(crate) fn place(self, name: &str, about: &str, schema: impl Into<Value>) -> Self {
        self.parameter("path", name, about, schema)
    }

    /// A value of the query, which may be left out.
    #[must_use]
    pub(crate) fn query(self, name: &str, about: &str, schema: impl Into<Value>) -> Self {
        self.parameter("query", name, about, schema)
    }

    /// A header, which may be left out.
    #[must_use]
    pub(crate) fn header(self, name: &str, about: &str, schema: impl Into<Value>) -> Self {
        self.parameter("header", name, about, schema)
    }

    fn parameter(mut self, place: &str, name: &str, about: &str, schema: impl Into<Value>) -> Self {
        let schema: Value = schema.into();
        self.parameters.push(json!({
            "name": name,
            "in": place,
            "required": place == "path",
            "description": about,
            "schema": schema,
        }));
        self
    }

    /// The body it takes, with one that works.
    #[must_use]
    pub(crate) fn body(
        self,
        kind: &str,
        schema: impl Into<Value>,
        example: impl Into<Value>,
    ) -> Self {
        let (schema, example): (Value, Value) = (schema.into(), example.into());
        let content = json!({ kind: { "schema": schema, "example": example } });
        Self {
            body: Some(json!({ "required": true, "content": content })),
            ..self
        }
    }

    /// A good answer with a body of JSON.
    #[must_use]
    pub(crate) fn answers(self, status: &str, about: &str, schema: impl Into<Value>) -> Self {
        self.answers_as(status, about, "application/json", schema)
    }

    /// A good answer with a body of this type.
    #[must_use]
    pub(crate) fn answers_as(
        mut self,
        status: &str,
        about: &str,
        kind: &str,
        schema: impl Into<Value>,
    ) -> Self {
        let schema: Value = schema.into();
        let content = json!({ kind: { "schema": schema } });
        let answer = json!({ "description": about, "content": content });
        self.answers.insert(status.to_owned(), answer);
        self
    }

    /// A good answer without a body; `Location` leads on where `leads` says what to.
    #[must_use]
    pub(crate) fn done(
        mut self,
        status: &'static str,
        about: &'static str,
        leads: Option<&'static str>,
    ) -> Self {
        let mut answer = json!({ "description": about });
        if let Some(leads) = leads {
            let schema = json!({ "type": "string" });
            answer["headers"] =
                json!({ "Location": { "description": leads, "required": true, "schema": schema } });
        }
        self.answers.insert(status.to_owned(), answer);
        self
    }

    /// How it says that something is wrong.
    #[must_use]
    pub(crate) fn fails(self, failures: &Failures) -> Self {
        let all = failures.0.iter();
        all.fold(self, |operation, (status, about, kind, schema)| {
            operation.answers_as(status, about, kind, schema.clone())
        })
    }

    /// The example of its body, if it has one.
    pub(crate) fn example(&self) -> Option<(&str, &Value)> {
        let content = self.body.as_ref()?["content"].as_object()?;
        let (kind, said) = content.iter().next()?;
        Some((kind, &said["example"]))
    }

    /// Its parameters as they stand in the document.
    pub(crate) fn parameters(&self) -> &[Value] {
        &self.parameters
    }

    /// Its answers: the status and what it means.
    pub(crate) fn statuses(&self) -> impl Iterator<Item = (&str, &str)> {
        let answers = self.answers.iter();
        answers.map(|(status, answer)| {
            let about = answer["description"].as_str().unwrap_or_default();
            (status.as_str(), about)
        })
    }

    /// As it stands in the document.
    pub(crate) fn to_value(&self) -> Value {
        let mut parameters = self.parameters.clone();
        for place in self.path.split('{').skip(1) {
            let name = place.split('}').next().unwrap_or_default();
            if !parameters.iter().any(|known| known["name"] == name) {
                parameters.push(json!({
                    "name": name,
                    "in": "path",
                    "required": true,
                    "schema": { "type": "string" },
                }));
            }
        }
        let mut value = json!({
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "parameters": parameters,
            "responses": self.answers,
            "security": [],
        });
        if !self.about.is_empty() {
            value["description"] = self.about.into();
        }
        if let Some(scope) = self.scope {
            value["security"] = json!([{ "token": [scope.as_str()] }]);
        }
        if let Some(body) = &self.body {
            value["requestBody"] = body.clone();
        }
        value
    }
}
