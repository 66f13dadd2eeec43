//! Between tagger and resolver: what is one name, what are two, what is none.
//!
//! In come a text and the mentions that our own tagger found in it; out come mentions, again sorted and apart, and what was
//! changed by which rule. Each rule has a name, a file with its kind, and a test. What annotators of CoNLL-2003 mark
//! otherwise than `docs/guidelines.md` says is left as the tagger has it under [`Guideline::Conll`].

mod drop;
mod firm;
mod inverted;
mod page;
mod part;
mod person;
mod possessive;
mod same_name;
#[cfg(test)]
mod testing;
mod word;

use crate::knowledge::World;
use crate::mention::Mention;
use crate::view::View;
use page::{Edit, Names, Page};

/// What is marked as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guideline {
    /// As `docs/guidelines.md` says.
    #[default]
    Namesake,
    /// As in CoNLL-2003.
    Conll,
}

/// One mended mention, or some that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which rule did it.
    pub rule: Rule,
    /// The mentions as they were.
    pub before: Vec<Mention>,
    /// The mentions instead of them.
    pub after: Vec<Mention>,
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repaired {
    /// All mentions, sorted and apart.
    pub mentions: Vec<Mention>,
    /// What was changed, in the order of the rules; a later rule may change what an earlier one made.
    pub changes: Vec<Change>,
}

/// Declares the rules: each with its name, the function that finds its cases, and whether CoNLL-2003 has them so too.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident, $name:literal, $find:path, $conll:literal;)*) => {
        /// The rules, in the order in which they are applied.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// The name that reports show.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// Whether the rule is applied under a guideline.
            #[must_use]
            pub const fn holds(self, guideline: Guideline) -> bool {
                matches!(guideline, Guideline::Namesake) || match self {
                    $(Self::$rule => $conll,)*
                }
            }

            fn find(self, page: &Page<'_>) -> Vec<Edit> {
                match self {
                    $(Self::$rule => $find(page),)*
                }
            }
        }
    };
}

rules! {
    /// Addresses, links and names of files are no names.
    Address, "address", drop::addresses, true;
    /// Handles are no names: "@holt".
    Handle, "handle", drop::handles, false;
    /// Degrees are no names: "Ida Holt, Ph.D.".
    Degree, "degree", drop::degrees, true;
    /// Party and state of a member: "(R-NC)".
    Party, "party", drop::parties, false;
    /// Bills of a parliament: "H.R. 1319".
    Bill, "bill", drop::bills, true;
    /// Articles, pronouns and titles without a name.
    NoName, "no_name", drop::no_names, true;
    /// Quotation marks and brackets of which only one is inside.
    Signs, "signs", person::signs, true;
    /// "Holt, Ida" in headers and lists is one person.
    Inverted, "inverted", inverted::find, false;
    /// "James \"Teddy\" Holt" is one person.
    Nickname, "nickname", person::nicknames, true;
    /// "L. L. Moss": initials belong to the name.
    Initials, "initials", person::initials, true;
    /// "De la" and "Cruz" are one name.
    Particle, "particle", person::particles, true;
    /// "Holt, Jr.".
    Generation, "generation", person::generations, true;
    /// Titles before a person's name are no part of it.
    Title, "title", person::titles, false;
    /// "Moss & Holt, Inc.".
    Firm, "firm", firm::firms, true;
    /// "Norvik, Inc.".
    LegalForm, "legal_form", firm::legal_forms, true;
    /// "Moody's" is the name of a firm.
    Possessive, "possessive", possessive::find, false;
    /// "Leeds-based" names Leeds.
    Compound, "compound", part::compounds, false;
    /// Lines and columns of a table are names of their own.
    Lines, "lines", part::lines, true;
    /// Two names with "and" or a dash between them that the document also has apart.
    Coordination, "coordination", part::coordinations, true;
    /// "Zurich Switzerland" names two places.
    Places, "places", part::places, true;
    /// A name that is cut here and whole elsewhere in the document.
    SameName, "same_name", same_name::find, false;
}

/// Mends the mentions that our tagger found in `text`, whose [view](View) the rules read.
pub(crate) fn repair(text: &str, mut mentions: Vec<Mention>, world: &World, guideline: Guideline) -> Repaired {
    let view = View::of(text);
    for mention in &mut mentions {
        mention.span = view.to_view(mention.span);
    }
    let mut repaired = in_view(view.text(), mentions, world, guideline);
    if !view.is_identity() {
        let of_changes =
            repaired.changes.iter_mut().flat_map(|change| change.before.iter_mut().chain(&mut change.after));
        for mention in repaired.mentions.iter_mut().chain(of_changes) {
            mention.span = view.to_text(mention.span);
        }
    }
    repaired
}

fn in_view(text: &str, mentions: Vec<Mention>, world: &World, guideline: Guideline) -> Repaired {
    let names = Names::of(text, &mentions);
    let mut repaired = Repaired { mentions, changes: Vec::new() };
    if repaired.mentions.is_empty() {
        return repaired;
    }
    for &rule in Rule::ALL.iter().filter(|rule| rule.holds(guideline)) {
        let page = Page { text, mentions: &repaired.mentions, names: &names, world };
        let edits = rule.find(&page);
        if !edits.is_empty() {
            apply(rule, edits, &mut repaired);
        }
    }
    repaired
}

/// Carries out the edits that fit: whose mentions are apart from each other, from those around them, and from the edits
/// before.
fn apply(rule: Rule, mut edits: Vec<Edit>, repaired: &mut Repaired) {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let old = std::mem::take(&mut repaired.mentions);
    let mut next = 0;
    for edit in edits {
        if edit.range.start < next || edit.range.end > old.len() || edit.range.start > edit.range.end {
            continue;
        }
        repaired.mentions.extend(old[next..edit.range.start].iter().cloned());
        next = edit.range.start;
        let floor = repaired.mentions.last().map_or(0, |mention| mention.span.end);
        let ceiling = old.get(edit.range.end).map_or(usize::MAX, |mention| mention.span.start);
        let mut end = floor;
        let fits = edit.with.iter().all(|mention| {
            let fits =
                mention.span.start >= end && mention.span.start < mention.span.end && mention.span.end <= ceiling;
            end = mention.span.end;
            fits
        });
        let before = &old[edit.range.clone()];
        if !fits || before == edit.with.as_slice() {
            continue;
        }
        next = edit.range.end;
        repaired.mentions.extend(edit.with.iter().cloned());
        repaired.changes.push(Change { rule, before: before.to_vec(), after: edit.with });
    }
    repaired.mentions.extend(old[next..].iter().cloned());
}
