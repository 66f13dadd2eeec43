//! `namesake graph`: documents with entities into a knowledge graph, and questions to it.

use crate::cli::{graph_export, graph_load, graph_query, graph_view};
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Make a knowledge graph: RDF, Neo4j, GraphML, a SPARQL store, a page to look at
#[derive(Debug, Args)]
pub struct GraphArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Export(graph_export::ExportArgs),
    Load(graph_load::LoadArgs),
    Query(graph_query::QueryArgs),
    View(graph_view::ViewArgs),
}

/// Carries out the action.
pub fn run(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Export(args) => graph_export::run(args),
        Action::Load(args) => graph_load::run(args),
        Action::Query(args) => graph_query::run(args),
        Action::View(args) => graph_view::run(args),
    }
}
