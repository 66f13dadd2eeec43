//! Words into pieces, with the tokenizer of a model.

use serde::Deserialize;
use serde_json::{Value, json};
use tokenizers::Tokenizer;

/// Pieces that are kept of one word; mirrors `MAX_PIECES_PER_WORD` in `scripts/ner_data.py`.
const MAX_PIECES_PER_WORD: usize = 12;

/// Bytes of a word that are looked at: a longer one is noise, and the tokenizer's time would grow with it.
const MAX_WORD_BYTES: usize = 400;

/// A piece that belongs to no word, and its token type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialPiece {
    /// Its id.
    pub id: i32,
    /// Its token type.
    pub token_type: i32,
}

/// The tokenizer of a model, word by word.
#[derive(Debug)]
pub struct WordTokenizer {
    tokenizer: Tokenizer,
    /// Stands before each word: a space where the pieces that begin a word are told by one.
    word_start: &'static str,
    unknown: i32,
    /// The pieces that open a window.
    pub before: Vec<SpecialPiece>,
    /// The pieces that close a window.
    pub after: Vec<SpecialPiece>,
}

impl WordTokenizer {
    /// Reads the bytes of a `tokenizer.json`.
    ///
    /// # Errors
    /// If they are no tokenizer; says what is wrong.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|error| error.to_string())?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| error.to_string())?;
        let (before, after) = special_pieces(&tokenizer)?;
        let unknown = named(&tokenizer, &["[UNK]", "<unk>"]).or_else(|| named(&tokenizer, &["[PAD]", "<pad>", "</s>"]));
        let word_start = word_start(&tokenizer);
        let unknown = unknown.ok_or("no piece [UNK] or <unk>")?;
        Ok(Self { tokenizer, word_start, unknown, before, after })
    }

    /// The pieces of one word: at least one, at most twelve.
    #[must_use]
    pub fn pieces(&self, word: &str) -> Vec<i32> {
        let seen = &word[..word.floor_char_boundary(MAX_WORD_BYTES)];
        let mut ids = if self.word_start.is_empty() {
            encode(&self.tokenizer, seen)
        } else {
            encode(&self.tokenizer, &[self.word_start, seen].concat())
        };
        ids.truncate(MAX_PIECES_PER_WORD);
        if ids.is_empty() {
            ids.push(self.unknown);
        }
        ids
    }
}

/// A `tokenizer.json` from the `vocab.txt` and the `tokenizer_config.json` of a BERT, which older models have instead.
///
/// # Errors
/// If they are not what they should be; says what is wrong.
pub fn from_vocabulary(vocabulary: &[u8], settings: &[u8]) -> Result<Vec<u8>, String> {
    #[derive(Deserialize)]
    struct Settings {
        do_lower_case: Option<bool>,
        strip_accents: Option<bool>,
    }
    let settings: Settings =
        serde_json::from_slice(settings).map_err(|error| format!("tokenizer_config.json beside it: {error}"))?;
    let vocabulary = std::str::from_utf8(vocabulary).map_err(|error| error.to_string())?;
    let ids: serde_json::Map<String, Value> =
        vocabulary.lines().enumerate().map(|(id, piece)| (piece.to_owned(), id.into())).collect();
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": true,
            "handle_chinese_chars": true,
            "strip_accents": settings.strip_accents,
            "lowercase": settings.do_lower_case.unwrap_or(true),
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": ids,
        },
    });
    Ok(tokenizer.to_string().into_bytes())
}

fn encode(tokenizer: &Tokenizer, text: &str) -> Vec<i32> {
    match tokenizer.encode_fast(text, false) {
        Ok(encoding) => encoding.get_ids().iter().filter_map(|&id| i32::try_from(id).ok()).collect(),
        Err(_) => Vec::new(),
    }
}

/// What stands before a word. The pieces of RoBERTa's byte-level vocabulary that begin a word hold the space before it, and
/// its tokenizer adds none by itself; where the space changes nothing (BERT) or is added anyway (SentencePiece), there is
/// no need for it.
fn word_start(tokenizer: &Tokenizer) -> &'static str {
    let (alone, spaced) = (encode(tokenizer, "a"), encode(tokenizer, " a"));
    if alone != spaced && alone.len() == spaced.len() { " " } else { "" }
}

/// The pieces that the tokenizer's post-processor puts before and behind a text; where it has none, those of BERT or
/// RoBERTa.
fn special_pieces(tokenizer: &Tokenizer) -> Result<(Vec<SpecialPiece>, Vec<SpecialPiece>), String> {
    let encoding = tokenizer.encode("a", true).map_err(|error| error.to_string())?;
    let pieces: Vec<(SpecialPiece, bool)> = encoding
        .get_ids()
        .iter()
        .zip(encoding.get_type_ids())
        .zip(encoding.get_special_tokens_mask())
        .filter_map(|((&id, &kind), &special)| {
            let piece = SpecialPiece { id: i32::try_from(id).ok()?, token_type: i32::try_from(kind).ok()? };
            Some((piece, special == 1))
        })
        .collect();
    let special = |&(piece, special): &(SpecialPiece, bool)| special.then_some(piece);
    let before: Vec<SpecialPiece> = pieces.iter().map_while(special).collect();
    let mut after: Vec<SpecialPiece> = pieces.iter().rev().map_while(special).collect();
    after.reverse();
    if before.is_empty() && after.is_empty() {
        let piece = |names: &[&str]| named(tokenizer, names).map(|id| SpecialPiece { id, token_type: 0 });
        return Ok((piece(&["[CLS]", "<s>"]).into_iter().collect(), piece(&["[SEP]", "</s>"]).into_iter().collect()));
    }
    Ok((before, after))
}

fn named(tokenizer: &Tokenizer, names: &[&str]) -> Option<i32> {
    names.iter().find_map(|name| tokenizer.token_to_id(name)).and_then(|id| i32::try_from(id).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vocabulary_makes_a_tokenizer() {
        let vocabulary = b"[PAD]\n[UNK]\n[CLS]\n[SEP]\nOs\n##lo\noslo\n";
        let pieces = |settings: &[u8], word: &str| {
            let tokenizer = WordTokenizer::parse(&from_vocabulary(vocabulary, settings).unwrap()).unwrap();
            assert_eq!((tokenizer.before[0].id, tokenizer.after[0].id), (2, 3));
            tokenizer.pieces(word)
        };
        assert_eq!(pieces(b"{}", "Oslo"), [6]);
        assert_eq!(pieces(br#"{"do_lower_case": false}"#, "Oslo"), [4, 5]);
        assert_eq!(pieces(b"{}", "\u{301}"), [1]);
        assert!(from_vocabulary(vocabulary, b"[").unwrap_err().contains("tokenizer_config.json"));
    }
}
