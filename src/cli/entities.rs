//! `namesake entities`: look at a corpus store, and correct it.

use crate::cli::outcome::tell;
use crate::cli::store::make_current;
use crate::cli::table::{add_row, finish, new_table};
use anyhow::Context;
use clap::{Args, Subcommand};
use comfy_table::Table;
use namesake::corpus::{
    Author, CorpusEntity, CorpusId, CorpusStore, EntityDetail, Erased, Fate, HistoryEntry, LoggedDecision,
};
use namesake::entity_type::EntityType;
use namesake::format::LineOutput;
use namesake::label;
use namesake::visible::Visible;
use serde::Serialize;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Rows that are shown where nobody asks for another number.
const DEFAULT_LIMIT: usize = 50;

/// List, search, show and correct the entities of a corpus store
#[derive(Debug, Args)]
#[command(after_help = "\
Without an action the entities of most documents are listed. What people decide (merge, split, move, pin, forbid, rename, \
retype) is carried out at once and respected by every later `namesake link`; `undo` takes it back. `remove` and `forget` \
erase for good. An ENTITY is an id.

Examples:
  namesake entities corpus.db --type ORG --limit 20
  namesake entities corpus.db search 'world health'
  namesake entities corpus.db show E000042
  namesake entities corpus.db merge E000042 E000107
  namesake entities corpus.db split E000042 --documents a1,a7
  namesake entities corpus.db pin 'The Old Lady' E000042 --by ines --note 'so called in the minutes'
  namesake entities corpus.db undo
  namesake entities corpus.db history E000107
  namesake entities corpus.db changes --since 1200
  namesake entities corpus.db remove news/a7.txt
  namesake entities corpus.db forget 'Petra Holt'
  namesake entities corpus.db check")]
pub struct EntitiesArgs {
    /// The corpus store
    #[arg(value_name = "STORE")]
    store: PathBuf,

    /// Only entities of this type
    #[arg(long = "type", value_name = "TYPE", global = true, value_parser = label::type_named)]
    entity_type: Option<EntityType>,

    /// Show at most this many rows
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, global = true)]
    limit: usize,

    /// Write JSON, an object a line, instead of tables
    #[arg(long, global = true)]
    json: bool,

    /// Who decides, for the record [default: the user's name]
    #[arg(long, value_name = "NAME", global = true)]
    by: Option<String>,

    /// Why it is decided, for the record
    #[arg(long, value_name = "TEXT", global = true, default_value = "", hide_default_value = true)]
    note: String,

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
    /// What became of an id, through merges and splits
    History {
        /// The id
        entity: CorpusId,
    },
    /// What happened to the entities, JSON lines in order: created, merged, split, moved, renamed, retyped, removed
    Changes {
        /// Only what came after the change of this number
        #[arg(long, value_name = "N", default_value_t = 0)]
        since: i64,
    },
    /// All decisions, and whether each still applies
    Decisions,
    /// All decisions with their authors, times and notes, those that were taken back too
    Log,
    /// Make the second entity a part of the first
    Merge {
        /// The entity whose id stays
        kept: CorpusId,
        /// The entity that goes into it
        gone: CorpusId,
        /// Merge entities of different types
        #[arg(long)]
        force: bool,
    },
    /// Take a merge back: the entity of this id is one of its own again
    Unmerge {
        /// The id that was merged into another
        gone: CorpusId,
    },
    /// Make what some documents say of an entity an entity of its own
    Split {
        /// The entity
        entity: CorpusId,
        /// Ids of the documents that mean another [default: all that call it by one of the names]
        #[arg(long, value_name = "ID,...", value_delimiter = ',', required_unless_present = "names")]
        documents: Vec<String>,
        /// Only where it is called by one of these names
        #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
        names: Vec<String>,
    },
    /// Move what some documents say of an entity to another one
    Move {
        /// The entity
        entity: CorpusId,
        /// Ids of the documents that mean the other [default: all that call it by one of the names]
        #[arg(long, value_name = "ID,...", value_delimiter = ',', required_unless_present = "names")]
        documents: Vec<String>,
        /// Only where it is called by one of these names
        #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
        names: Vec<String>,
        /// The entity that they mean
        #[arg(long, value_name = "ENTITY")]
        to: CorpusId,
    },
    /// Give an entity a name that stays
    Rename {
        /// The entity
        entity: CorpusId,
        /// The name
        name: String,
    },
    /// Give an entity another type
    Retype {
        /// The entity
        entity: CorpusId,
        /// The type
        #[arg(value_parser = label::type_named)]
        kind: EntityType,
    },
    /// Take the last decisions back
    Undo {
        /// How many
        #[arg(default_value_t = 1)]
        count: usize,
    },
    /// Remove documents, with all that only they had said, from the store and from the bytes of its file
    Remove {
        /// Ids of the documents
        #[arg(required = true, value_name = "DOCUMENT")]
        documents: Vec<String>,
    },
    /// Erase all that is known of an entity, and link nothing to it any more
    Forget {
        /// Its id, or a name that only it bears
        #[arg(value_name = "NAME|ENTITY")]
        entity: String,
    },
    /// Verify that the store is sound; exit code 1 if it is not
    Check,
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
        !matches!(
            self,
            Self::Search { .. }
                | Self::Show { .. }
                | Self::Export { .. }
                | Self::History { .. }
                | Self::Changes { .. }
                | Self::Decisions
                | Self::Log
                | Self::Check
        )
    }
}

/// Carries out the action.
pub fn run(args: &EntitiesArgs) -> anyhow::Result<ExitCode> {
    let writes = args.action.as_ref().is_some_and(Action::writes);
    let mut store = if writes { CorpusStore::open_existing(&args.store)? } else { CorpusStore::read(&args.store)? };
    if writes {
        make_current(&mut store, &args.store)?;
        store.set_author(author(args));
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
        Some(Action::History { entity }) => {
            let fate = store.fate(*entity)?;
            output = if args.json { json_line(&fate)? } else { tell_fate(&store, &fate)? };
        }
        Some(Action::Changes { since }) => {
            let limit = if args.limit == DEFAULT_LIMIT { usize::MAX >> 1 } else { args.limit };
            output = store.changes(*since, limit)?.iter().map(json_line).collect::<anyhow::Result<_>>()?;
        }
        Some(Action::Decisions) => output = decisions(args, &store.decision_log()?, false)?,
        Some(Action::Log) => output = decisions(args, &store.decision_log()?, true)?,
        Some(Action::Merge { kept, gone, force }) => {
            if *force {
                store.merge_any_types(*kept, *gone)?;
            } else {
                store.merge(*kept, *gone)?;
            }
            output = confirm(args, &store, *kept)?;
        }
        Some(Action::Unmerge { gone }) => {
            let whole = store.unmerge(*gone)?;
            output = confirm(args, &store, whole)? + &confirm(args, &store, *gone)?;
        }
        Some(Action::Split { entity, documents, names }) => {
            let new = store.split(*entity, documents, names)?;
            output = confirm(args, &store, *entity)? + &confirm(args, &store, new)?;
        }
        Some(Action::Move { entity, documents, names, to }) => {
            store.move_to(*entity, documents, names, *to)?;
            output = confirm(args, &store, *entity)? + &confirm(args, &store, *to)?;
        }
        Some(Action::Rename { entity, name }) => {
            store.rename(*entity, name)?;
            output = confirm(args, &store, *entity)?;
        }
        Some(Action::Retype { entity, kind }) => {
            store.retype(*entity, *kind)?;
            output = confirm(args, &store, *entity)?;
        }
        Some(Action::Undo { count }) => {
            for (kind, entity) in store.undo(*count)? {
                tell(format_args!("namesake: took back: {} of {entity}", kind.label()));
            }
        }
        Some(Action::Remove { documents }) => {
            let erased = store.remove_documents(documents)?;
            tell_erased(&erased);
        }
        Some(Action::Forget { entity }) => {
            let id = match entity.parse() {
                Ok(id) => id,
                Err(_) => store.entity_named(entity)?,
            };
            tell_erased(&store.forget(id)?);
        }
        Some(Action::Check) => {
            if !is_sound(&store, &args.store)? {
                return Ok(ExitCode::FAILURE);
            }
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
        Some(Action::Import { file }) => import(&mut store, file)?,
    }
    let mut out = LineOutput::open(place)?;
    out.write(&output)?;
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// Tells what is wrong with a store, or that it is sound.
fn is_sound(store: &CorpusStore, path: &Path) -> anyhow::Result<bool> {
    let faults = store.check()?;
    for fault in &faults {
        tell(format_args!("namesake: {}: {fault}", path.display()));
    }
    if faults.is_empty() {
        tell(format_args!("namesake: {} is sound", path.display()));
    }
    Ok(faults.is_empty())
}

fn import(store: &mut CorpusStore, file: &Path) -> anyhow::Result<()> {
    let source = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let imported = store.import_decisions(source, &file.display().to_string())?;
    let waiting = match imported.waiting {
        0 => String::new(),
        count => format!("; {count} wait for documents that are not in the store"),
    };
    tell(format_args!("namesake: {} new decisions, {} known{waiting}", imported.new, imported.known));
    Ok(())
}

fn author(args: &EntitiesArgs) -> Author {
    let user = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    Author { name: args.by.clone().or_else(user).unwrap_or_default(), note: args.note.clone() }
}

fn tell_erased(erased: &Erased) {
    let list = |ids: &[CorpusId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut text = format!("namesake: {} documents", erased.documents);
    if !erased.entities.is_empty() {
        text += &format!("; nothing is left of {}", list(&erased.entities));
    }
    if !erased.parted.is_empty() {
        text += &format!("; no longer merged: {}", list(&erased.parted));
    }
    tell(format_args!("{text}"));
}

fn tell_fate(store: &CorpusStore, fate: &Fate) -> anyhow::Result<String> {
    let path = fate.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" → ");
    let Some(id) = fate.corpus_id else { return Ok(format!("{path}: erased\n")) };
    let state = match fate.documents {
        0 => "no document mentions it now".to_owned(),
        documents => format!("{documents} documents"),
    };
    let mut text = format!("{path}: {} , {state}\n", Visible::one_line(&fate.name)).replace(" ,", ",");
    let history = store.detail(id, 0)?.history;
    if !history.is_empty() {
        text += &section(&history_table(&history), history.len());
    }
    Ok(text)
}

fn decisions(args: &EntitiesArgs, all: &[LoggedDecision], whole: bool) -> anyhow::Result<String> {
    let shown = all.iter().filter(|decision| whole || !decision.undone);
    if args.json {
        return shown.map(json_line).collect();
    }
    let columns: &[&str] = if whole {
        &["number", "decision", "entity", "other", "name", "documents", "time", "by", "note", "state"]
    } else {
        &["number", "decision", "entity", "other", "name", "documents", "applies"]
    };
    let mut table = new_table(columns, &[0, 5]);
    for decision in shown {
        let id = |id: Option<CorpusId>| id.map(|id| id.to_string()).unwrap_or_default();
        let state = match &decision.reason {
            None => "yes".to_owned(),
            Some(reason) => format!("no: {reason}"),
        };
        let name = decision.value.clone().unwrap_or_else(|| decision.names.join(" / "));
        let (number, documents) = (decision.number.to_string(), decision.documents.len().to_string());
        let mut cells = vec![
            number,
            decision.decision.label().to_owned(),
            id(decision.entity),
            id(decision.other),
            name,
            documents,
        ];
        if whole {
            cells.extend([decision.time.clone(), decision.by.clone(), decision.note.clone()]);
        }
        cells.push(state);
        add_row(&mut table, cells.iter().map(String::as_str));
    }
    Ok(finish(&table))
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
    text.push_str(&section(&history_table(&detail.history), detail.history.len()));
    text
}

fn history_table(history: &[HistoryEntry]) -> Table {
    let mut table = new_table(&["history", "entity", "other", "named", "document", "reason", "score"], &[6]);
    for entry in history {
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
    table
}

fn section(table: &Table, rows: usize) -> String {
    if rows == 0 { String::new() } else { format!("\n{}", finish(table)) }
}
