//! Why a mention belongs to its entity, in words that a person can check against the text.

use serde::{Deserialize, Serialize};

/// What placed a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Nothing fitted: it opened an entity.
    Opened,
    /// It had the highest score of all entities so far.
    Scored,
    /// The text states that two names are one's.
    Stated,
    /// A lone "Jr." belongs to the name before it.
    Generation,
    /// A user's alias table names its form.
    AliasTable,
    /// Its type is a model's own, where equal names and acronyms are one.
    OwnType,
}

impl Rule {
    /// The rule in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Opened => "opened an entity: nothing before it fitted",
            Self::Scored => "fitted best",
            Self::Stated => "the text says so",
            Self::Generation => "belongs to the name before it",
            Self::AliasTable => "the alias table says so",
            Self::OwnType => "equal name or acronym of the same type",
        }
    }
}

/// Something that spoke for or against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was seen, in words.
    pub text: String,
    /// What it added to the score.
    pub score: f64,
}

/// The entity that would have been next.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// Its index in the document; none if the document no longer holds it.
    pub entity: Option<usize>,
    /// Its canonical name.
    pub name: String,
    /// Its score.
    pub score: f64,
}

/// Why a mention belongs to its entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// What placed it.
    pub rule: Rule,
    /// Its score for that entity, where scores decided; above zero.
    pub score: Option<f64>,
    /// The form of the entity that it is nearest to.
    pub like: Option<String>,
    /// What made the score, the strongest first.
    pub because: Vec<Reason>,
    /// The next best entity; where the mention opened one, the best that it did not join.
    pub runner_up: Option<Rival>,
}

impl Why {
    /// What placed the mention, in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        use std::fmt::Write;
        let mut line = self.rule.words().to_owned();
        // Writing to a string cannot fail.
        if let Some(like) = &self.like {
            let _ = write!(line, ", like {like:?}");
        }
        if let Some(score) = self.score {
            let _ = write!(line, ", score {score:.1}");
        }
        for (nth, reason) in self.because.iter().enumerate() {
            let _ = write!(line, "{}{} {:+.1}", if nth == 0 { ": " } else { ", " }, reason.text, reason.score);
        }
        if let Some(rival) = &self.runner_up {
            let _ = write!(line, "; next: {} {:.1}", rival.name, rival.score);
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_decided() {
        let why = Why {
            rule: Rule::Scored,
            score: Some(3.25),
            like: Some("Maria Arden".into()),
            because: vec![Reason { text: "family name alone".into(), score: 4.0 }],
            runner_up: Some(Rival { entity: Some(1), name: "Karl Arden".into(), score: -0.5 }),
        };
        let expected = "fitted best, like \"Maria Arden\", score 3.2: family name alone +4.0; next: Karl Arden -0.5";
        assert_eq!(why.sentence(), expected);
    }
}
