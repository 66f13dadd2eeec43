//! `namesake entities`: look at a corpus store, and correct it.

use crate::cli::outcome::tell;
use crate::cli::store::make_current;
use crate::cli::table::{add_row, finish, new_table};
use anyhow::Context;
use clap::{Args, Subcommand};
use comfy_table::Table;
use namesake::corpus::{CorpusEntity, CorpusId, CorpusStore, EntityDetail};
use namesake::entity_type::EntityType;
use namesake::format::LineOutput;
use namesake::label;
use namesake::visible::Visible;
use serde::Serialize;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

/// List, search, show and correct the entities of a corpus store
#[derive(Debug, Args)]
#[command(after_help = "\
Without an action the entities of most documents are listed. What people decide (merge, split, pin, forbid) is carried \
out at once and respected by every later `namesake link`.

Examples:
  namesake entities corpus.db --type ORG --limit 20
  namesake entities corpus.db search 'world health'
  namesake entities corpus.db show E000042
  namesake entities corpus.db merge E000042 E000107
  namesake entities corpus.db split E000042 --documents a1,a7
  namesake entities corpus.db pin 'The Old Lady' E000042")]
pub struct EntitiesArgs {
    /// The corpus store
    #[arg(value_name = "STORE")]
    store: PathBuf,

    /// Only entities of this type
    #[arg(long = "type", value_name = "TYPE", global = true, value_parser = label::type_named)]
    entity_type: Option<EntityType>,

    /// Show at most this many rows
    #[arg(long, value_name = "N", default_value_t = 50, global = true)]
    limit: usize,

    /// Write JSON, an object a line, instead of tables
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Find entities by words of their names and aliases
    Search {
        /// Words, or beginnings of words, that one name must hold
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Show an entity with its aliases, documents, companions and history
    Show {
        /// The entity
        entity: CorpusId,
    },
    /// Make the second entity a part of the first
    Merge {
        /// The entity whose id stays
        kept: CorpusId,
        /// The entity that goes into it
        gone: CorpusId,
    },
    /// Make what some documents say of an entity an entity of its own
    Split {
        /// The entity
        entity: CorpusId,
        /// Ids of the documents that mean another
        #[arg(long, value_name = "ID,...", value_delimiter = ',', required = true)]
        documents: Vec<String>,
    },
    /// From now on, whoever bears this name is this entity
    Pin {
        /// The name
        alias: String,
        /// The entity
        entity: CorpusId,
    },
    /// Never merge two entities
    Forbid {
        /// The one
        one: CorpusId,
        /// The other
        other: CorpusId,
    },
    /// Take back a `forbid` or the ban that a `split` leaves
    Allow {
        /// The one
        one: CorpusId,
        /// The other
        other: CorpusId,
    },
    /// Write all decisions as CSV
    Export {
        /// Write to this file instead of standard output; it appears when it is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Carry out the decisions of an exported CSV, all or none
    Import {
        /// The file
        file: PathBuf,
    },
}

impl Action {
    /// Whether the store is changed.
    const fn writes(&self) -> bool {
        !matches!(self, Self::Search { .. } | Self::Show { .. } | Self::Export { .. })
    }
}

/// Carries out the action.
pub fn run(args: &EntitiesArgs) -> anyhow::Result<ExitCode> {
    let mut store = CorpusStore::open_existing(&args.store)?;
    if args.action.as_ref().is_some_and(Action::writes) {
        make_current(&mut store, &args.store)?;
    }
    let entity_type = args.entity_type;
    let mut output = String::new();
    let mut place = None;
    match &args.action {
        None => output = list(args, &store.entities(entity_type, args.limit)?)?,
        Some(Action::Search { words }) => {
            output = list(args, &store.search(&words.join(" "), entity_type, args.limit)?)?;
        }
        Some(Action::Show { entity }) => {
            let detail = store.detail(*entity, args.limit)?;
            output = if args.json { json_line(&detail)? } else { describe(&detail, *entity) };
        }
        Some(Action::Merge { kept, gone }) => {
            store.merge(*kept, *gone)?;
            output = confirm(args, &store, *kept)?;
        }
        Some(Action::Split { entity, documents }) => {
            let new = store.split(*entity, documents)?;
            output = confirm(args, &store, *entity)? + &confirm(args, &store, new)?;
        }
        Some(Action::Pin { alias, entity }) => {
            store.pin(alias, *entity)?;
            output = confirm(args, &store, *entity)?;
        }
        Some(Action::Forbid { one, other }) => store.forbid(*one, *other)?,
        Some(Action::Allow { one, other }) => store.allow(*one, *other)?,
        Some(Action::Export { output: path }) => {
            let mut csv = Vec::new();
            store.export_decisions(&mut csv)?;
            output = String::from_utf8(csv)?;
            place = path.as_deref();
        }
        Some(Action::Import { file }) => {
            let source = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
            let count = store.import_decisions(source, &file.display().to_string())?;
            tell(format_args!("namesake: {count} new decisions"));
        }
    }
    let mut out = LineOutput::open(place)?;
    out.write(&output)?;
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn confirm(args: &EntitiesArgs, store: &CorpusStore, id: CorpusId) -> anyhow::Result<String> {
    let entity = store.detail(id, 0)?.entity;
    if args.json {
        return json_line(&entity);
    }
    let CorpusEntity { corpus_id, name, entity_type, documents, .. } = entity;
    Ok(format!("{corpus_id} {} ({entity_type}), {documents} documents\n", Visible::one_line(&name)))
}

fn json_line(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}

fn list(args: &EntitiesArgs, entities: &[CorpusEntity]) -> anyhow::Result<String> {
    if args.json {
        return entities.iter().map(json_line).collect();
    }
    let mut table = new_table(&["id", "name", "type", "documents", "mentions", "knowledge id"], &[3, 4]);
    for entity in entities {
        let cells = [
            &entity.corpus_id.to_string(),
            &entity.name,
            entity.entity_type.label(),
            &entity.documents.to_string(),
            &entity.mentions.to_string(),
            entity.knowledge_id.as_deref().unwrap_or_default(),
        ];
        add_row(&mut table, cells);
    }
    Ok(finish(&table))
}

fn describe(detail: &EntityDetail, asked: CorpusId) -> String {
    let entity = &detail.entity;
    let knowledge = entity.knowledge_id.as_deref().map(|id| format!(", knowledge id {}", Visible::one_line(id)));
    let merged = (asked != entity.corpus_id).then(|| format!("{asked} was merged into it\n"));
    let mut text = format!(
        "{} {} ({}){}\n{} documents, {} mentions\n{}",
        entity.corpus_id,
        Visible::one_line(&entity.name),
        entity.entity_type,
        knowledge.unwrap_or_default(),
        entity.documents,
        entity.mentions,
        merged.unwrap_or_default()
    );
    let mut table = new_table(&["alias", "documents", "mentions"], &[1, 2]);
    for alias in &detail.aliases {
        add_row(&mut table, [&*alias.text, &alias.documents.to_string(), &alias.mentions.to_string()]);
    }
    text.push_str(&section(&table, detail.aliases.len()));
    let mut table = new_table(&["document", "name there", "mentions", "joined for", "score"], &[2, 4]);
    for document in &detail.memberships {
        let (mentions, score) = (document.mentions.to_string(), format!("{:.2}", document.score));
        add_row(&mut table, [&*document.document, &document.name, &mentions, &document.reason, &score]);
    }
    text.push_str(&section(&table, detail.memberships.len()));
    let mut table = new_table(&["id", "mentioned together with", "type", "documents"], &[3]);
    for companion in &detail.companions {
        let (id, documents) = (companion.corpus_id.to_string(), companion.documents.to_string());
        add_row(&mut table, [&*id, &companion.name, companion.entity_type.label(), &documents]);
    }
    text.push_str(&section(&table, detail.companions.len()));
    let mut table = new_table(&["history", "entity", "other", "named", "document", "reason", "score"], &[6]);
    for entry in &detail.history {
        let cells = [
            &*entry.kind,
            &entry.entity.to_string(),
            &entry.other.to_string(),
            &entry.other_name,
            entry.document.as_deref().unwrap_or_default(),
            &entry.reason,
            &entry.score.map(|score| format!("{score:.2}")).unwrap_or_default(),
        ];
        add_row(&mut table, cells);
    }
    text.push_str(&section(&table, detail.history.len()));
    text
}

fn section(table: &Table, rows: usize) -> String {
    if rows == 0 { String::new() } else { format!("\n{}", finish(table)) }
}
