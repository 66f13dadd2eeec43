//! Asking a store: any SPARQL, or one of the ready queries. Whatever a user types as an argument is bound to a variable;
//! it never becomes a part of a query's text.

use super::error::GraphError;
use super::path;
use super::store::GraphStore;
use super::vocabulary::{PREFIXES, schema, skos};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolutionIter, SparqlEvaluator, Variable};
use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxrdfio::{RdfFormat, RdfSerializer};
use std::io::{self, Write};
use std::str::FromStr;

/// Names that an error message suggests.
const HINTS: usize = 5;

/// A query that is ready to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamedQuery {
    /// The entities that most documents mention.
    TopEntities,
    /// Who is mentioned in the same documents as somebody.
    CoMentionedWith,
    /// The documents that mention somebody.
    DocumentsAbout,
    /// How two entities are connected: who is mentioned with whom, in which document.
    PathBetween,
}

impl NamedQuery {
    /// Every ready query.
    pub const ALL: &[Self] = &[Self::TopEntities, Self::CoMentionedWith, Self::DocumentsAbout, Self::PathBetween];

    /// The name that users type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TopEntities => "top-entities",
            Self::CoMentionedWith => "co-mentioned-with",
            Self::DocumentsAbout => "documents-about",
            Self::PathBetween => "path-between",
        }
    }

    /// The arguments as a usage line shows them.
    const fn usage(self) -> &'static [&'static str] {
        match self {
            Self::TopEntities => &[],
            Self::CoMentionedWith | Self::DocumentsAbout => &["ENTITY"],
            Self::PathBetween => &["ENTITY", "OTHER"],
        }
    }
}

impl FromStr for NamedQuery {
    type Err = GraphError;

    fn from_str(name: &str) -> Result<Self, GraphError> {
        Self::ALL.iter().copied().find(|query| query.name() == name).ok_or_else(|| GraphError::UnknownQuery {
            name: name.to_owned(),
            known: Self::ALL.iter().map(|query| query.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerFormat {
    /// Comma-separated values, as SPARQL 1.1 has them.
    Csv,
    /// The JSON of SPARQL 1.1.
    Json,
    /// Turtle, for the triples of `CONSTRUCT` and `DESCRIBE`.
    Turtle,
}

/// An answer: rows, yes or no, or triples.
pub struct Answer(QueryResults<'static>);

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}

impl GraphStore {
    /// Asks a query. The default graph is all graphs together, and the prefixes of the model are known.
    ///
    /// # Errors
    /// If it is no SPARQL query.
    pub fn query(&self, sparql: &str) -> Result<Answer, GraphError> {
        self.ask(sparql, None).map(Answer)
    }

    fn ask(&self, sparql: &str, asked: Option<&NamedNode>) -> Result<QueryResults<'static>, GraphError> {
        let mut evaluator = SparqlEvaluator::new();
        for (name, namespace) in PREFIXES {
            evaluator = evaluator.with_prefix(name, namespace).map_err(|error| GraphError::Query(error.to_string()))?;
        }
        let mut query = evaluator.parse_query(sparql).map_err(|error| GraphError::QuerySyntax(error.to_string()))?;
        if query.dataset().is_default_dataset() {
            query.dataset_mut().set_default_graph_as_union();
        }
        if let Some(asked) = asked {
            query = query.substitute_variable(Variable::new_unchecked("asked"), asked.clone());
        }
        query.on_store(&self.store).execute().map_err(failed)
    }

    /// Asks a ready query. An argument is a name or other name of an entity, or its IRI.
    ///
    /// # Errors
    /// If the arguments are not what the query wants, or nobody bears such a name.
    pub fn query_named(&self, query: NamedQuery, arguments: &[String]) -> Result<Answer, GraphError> {
        let usage = query.usage();
        if arguments.len() != usage.len() {
            let wanted = ["no argument", "the name of an entity", "the names of two entities"];
            return Err(GraphError::Arguments {
                name: query.name().to_owned(),
                wanted: wanted[usage.len()].to_owned(),
                usage: [&[query.name()], usage].concat().join(" "),
            });
        }
        let asked: Vec<Vec<NamedNode>> = arguments.iter().map(|name| self.called(name)).collect::<Result<_, _>>()?;
        let sparql = match query {
            NamedQuery::TopEntities => return self.query(include_str!("queries/top-entities.rq")),
            NamedQuery::CoMentionedWith => include_str!("queries/co-mentioned-with.rq"),
            NamedQuery::DocumentsAbout => include_str!("queries/documents-about.rq"),
            NamedQuery::PathBetween => return path::between(&self.store, &asked[0], &asked[1]).map(rows),
        };
        // Several entities may bear the name: each is asked for.
        let mut variables = None;
        let mut answers = Vec::new();
        for entity in &asked[0] {
            if let QueryResults::Solutions(solutions) = self.ask(sparql, Some(entity))? {
                variables.get_or_insert_with(|| solutions.variables().to_vec());
                answers.push(solutions);
            }
        }
        let variables = variables.unwrap_or_default().into();
        Ok(Answer(QuerySolutionIter::new(variables, answers.into_iter().flatten()).into()))
    }

    /// The entities of which this is the name; if there are none, those of which it is another name.
    fn called(&self, name: &str) -> Result<Vec<NamedNode>, GraphError> {
        let literal = Literal::new_simple_literal(name);
        for predicate in [skos::PREF_LABEL, skos::ALT_LABEL] {
            let mut found = Vec::new();
            for quad in self.store.quads_for_pattern(None, Some(predicate), Some((&literal).into()), None) {
                if let NamedOrBlankNode::NamedNode(entity) = quad?.subject {
                    found.push(entity);
                }
            }
            found.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
            found.dedup();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if let Ok(entity) = NamedNode::new(name)
            && self.store.quads_for_pattern(None, Some(schema::MENTIONS), Some((&entity).into()), None).next().is_some()
        {
            return Ok(vec![entity]);
        }
        Err(GraphError::UnknownName { name: name.to_owned(), hint: self.names_like(name)? })
    }

    /// Names that hold what was asked for, in any case.
    fn names_like(&self, name: &str) -> Result<String, GraphError> {
        let wanted = name.to_lowercase();
        let mut found = Vec::new();
        for predicate in [skos::PREF_LABEL, skos::ALT_LABEL] {
            for quad in self.store.quads_for_pattern(None, Some(predicate), None, None) {
                if let Term::Literal(label) = quad?.object
                    && (label.value().to_lowercase().contains(&wanted))
                {
                    found.push(label.value().to_owned());
                    if found.len() == HINTS {
                        break;
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(HINTS);
        Ok(if found.is_empty() { String::new() } else { format!("; there is {}", found.join(", ")) })
    }
}

/// An answer of rows.
fn rows((variables, rows): (Vec<Variable>, Vec<Vec<Option<Term>>>)) -> Answer {
    let solutions: Vec<_> = rows.into_iter().map(|row| Ok((variables.clone(), row).into())).collect();
    Answer(QuerySolutionIter::new(variables.into(), solutions).into())
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn failed(error: QueryEvaluationError) -> GraphError {
    GraphError::Query(error.to_string())
}

impl Answer {
    /// Writes the answer. Rows and yes or no go to CSV and JSON, triples to Turtle.
    ///
    /// # Errors
    /// If the format does not fit the answer, the query fails on the way, or `out` cannot be written to.
    pub fn write(self, format: AnswerFormat, out: &mut dyn Write) -> Result<(), GraphError> {
        let results = match format {
            AnswerFormat::Csv => QueryResultsFormat::Csv,
            AnswerFormat::Json => QueryResultsFormat::Json,
            AnswerFormat::Turtle => return self.write_triples(out),
        };
        let serializer = QueryResultsSerializer::from_format(results);
        match self.0 {
            QueryResults::Boolean(yes) => {
                serializer.serialize_boolean_to_writer(&mut *out, yes)?;
            }
            QueryResults::Solutions(solutions) => {
                let variables = solutions.variables().to_vec();
                let mut serializer = serializer.serialize_solutions_to_writer(&mut *out, variables)?;
                for solution in solutions {
                    serializer.serialize(&solution.map_err(failed)?)?;
                }
                serializer.finish()?;
            }
            QueryResults::Graph(_) => {
                return Err(GraphError::AnswerFormat(
                    "CONSTRUCT and DESCRIBE give triples; write them with --format ttl",
                ));
            }
        }
        Ok(())
    }

    fn write_triples(self, out: &mut dyn Write) -> Result<(), GraphError> {
        let QueryResults::Graph(triples) = self.0 else {
            return Err(GraphError::AnswerFormat(
                "only CONSTRUCT and DESCRIBE give triples; choose table, csv or json",
            ));
        };
        let mut serializer = RdfSerializer::from_format(RdfFormat::Turtle);
        for (name, namespace) in PREFIXES {
            serializer = serializer.with_prefix(name, namespace).map_err(io::Error::other)?;
        }
        let mut serializer = serializer.for_writer(out);
        for triple in triples {
            serializer.serialize_triple(&triple.map_err(failed)?)?;
        }
        serializer.finish()?;
        Ok(())
    }

    /// Whether the answer is triples, which no table holds.
    #[must_use]
    pub fn is_triples(&self) -> bool {
        matches!(self.0, QueryResults::Graph(_))
    }

    /// The answer as rows of texts below a header; identifiers are shortened by the prefixes of the model.
    ///
    /// # Errors
    /// If the query fails on the way, or the answer is triples.
    pub fn into_table(self) -> Result<(Vec<String>, Vec<Vec<String>>), GraphError> {
        match self.0 {
            QueryResults::Boolean(yes) => Ok((vec!["answer".to_owned()], vec![vec![yes.to_string()]])),
            QueryResults::Solutions(solutions) => {
                let header = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
                let mut table = Vec::new();
                for solution in solutions {
                    let solution = solution.map_err(failed)?;
                    table.push(
                        solution.values().iter().map(|term| term.as_ref().map_or_else(String::new, shown)).collect(),
                    );
                }
                Ok((header, table))
            }
            QueryResults::Graph(_) => Err(GraphError::AnswerFormat("CONSTRUCT and DESCRIBE give triples, no table")),
        }
    }
}

/// A term as people read it.
fn shown(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => short(node.as_ref()),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(node) => node.to_string(),
    }
}

fn short(node: NamedNodeRef<'_>) -> String {
    let short = PREFIXES.iter().find_map(|(name, namespace)| {
        let local = node.as_str().strip_prefix(namespace)?;
        (!local.is_empty() && local.chars().all(|c| c.is_alphanumeric() || c == '-')).then(|| format!("{name}:{local}"))
    });
    short.unwrap_or_else(|| node.as_str().to_owned())
}
