//! CoNLL columns: a line is a token, its first column the word, its last the label; a blank line ends a sentence, a line
//! that starts with `-DOCSTART-` begins a document.
//!
//! The text of a document is made from its tokens: one blank between tokens, a line break between sentences. A line
//! `# id = NAME` (or `# newdoc id = NAME`) before a sentence begins a document too, and names it; without one it is called
//! after the file, `#` and its number.

use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use super::progress::ReadProgress;
use super::source::expand;
use super::{InputFormat, InputOptions};
use crate::document::{Document, Span};
use std::io::BufRead;
use std::path::Path;

/// A document with the label of each token, as the file has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LabelledDocument {
    /// The document; its `sentences` hold the tokens.
    pub document: Document,
    /// Last column of each token, parallel to the sentences; the empty string where a token stands alone.
    pub labels: Vec<Vec<String>>,
    /// Line of the first token.
    pub line: u64,
}

impl AsRef<Document> for LabelledDocument {
    fn as_ref(&self) -> &Document {
        &self.document
    }
}

/// Documents of one CoNLL source, lazily.
pub struct ConllReader {
    reader: Box<dyn BufRead + Send>,
    name: String,
    limit: usize,
    line: u64,
    documents: u64,
    /// The name of the next document, where its line has been read already.
    next_id: Option<String>,
    done: bool,
}

impl std::fmt::Debug for ConllReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConllReader").field("name", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

impl ConllReader {
    /// Reads from `reader`; `name` is used in messages and ids, `limit` bounds the bytes of one document.
    #[must_use]
    pub fn new(reader: Box<dyn BufRead + Send>, name: &str, limit: usize) -> Self {
        Self { reader, name: name.to_owned(), limit, line: 0, documents: 0, next_id: None, done: false }
    }

    /// Reads the file at `path`, compressed or not.
    ///
    /// # Errors
    /// If the file cannot be opened, or `path` is a folder or a pattern of several.
    pub fn open(path: &Path) -> Result<Self, InputError> {
        let options = InputOptions::default().with_format(InputFormat::Conll);
        let name = path.to_string_lossy().into_owned();
        let mut sources = expand(path.as_os_str(), &options);
        let source = sources.next().unwrap_or_else(|| Err(Fault::Missing.of(&name)))?;
        if sources.next().is_some() {
            return Err(Fault::SeveralFiles.of(&name));
        }
        let reader = source.open(&ReadProgress::default()).map_err(|fault| fault.of(&name))?;
        Ok(Self::new(reader, &name, options.max_document_bytes))
    }

    /// Reads on to the next `-DOCSTART-` or the end, and returns what stood before it.
    fn read_document(&mut self) -> Result<Option<LabelledDocument>, InputError> {
        let mut building = Building { id: self.next_id.take(), ..Building::default() };
        let mut fault = None;
        let mut bytes = Vec::new();
        while !self.done {
            self.line += 1;
            match read_line(&mut self.reader, self.limit, &mut bytes) {
                Ok(false) => self.done = true,
                Ok(true) => match decode(std::mem::take(&mut bytes)) {
                    Ok(line) if line.starts_with("-DOCSTART-") => {
                        if !building.is_empty() || fault.is_some() {
                            break;
                        }
                        building = Building { id: building.id, ..Building::default() };
                    }
                    Ok(line) => match document_name(&line).filter(|_| building.at_sentence_start()) {
                        Some(id) if building.is_empty() && fault.is_none() => building.id = Some(id.to_owned()),
                        Some(id) => {
                            self.next_id = Some(id.to_owned());
                            break;
                        }
                        None => building.take_line(&line, self.line),
                    },
                    Err(found) => {
                        fault.get_or_insert(found.at_line(&self.name, self.line));
                    }
                },
                Err(found) => {
                    self.done |= !matches!(found, Fault::TooLong { .. });
                    fault.get_or_insert(found.at_line(&self.name, self.line));
                }
            }
            if building.text.len() > self.limit {
                fault.get_or_insert(Fault::TooLong { limit: self.limit }.at_line(&self.name, self.line));
                building = Building::default();
            }
        }
        if let Some(fault) = fault {
            self.documents += 1;
            return Err(fault);
        }
        if building.is_empty() {
            return Ok(None);
        }
        self.documents += 1;
        let id = building.id.take().unwrap_or_else(|| format!("{}#{}", self.name, self.documents));
        Ok(Some(building.finish(id)))
    }
}

impl Iterator for ConllReader {
    type Item = Result<LabelledDocument, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_document().transpose()
    }
}

/// A document while its lines come in.
#[derive(Default)]
struct Building {
    id: Option<String>,
    text: String,
    sentences: Vec<Vec<Span>>,
    labels: Vec<Vec<String>>,
    first_line: u64,
    /// Whether the next token opens a sentence.
    between: bool,
}

impl Building {
    fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    fn at_sentence_start(&self) -> bool {
        self.between || self.is_empty()
    }

    fn take_line(&mut self, line: &str, number: u64) {
        let mut columns = line.split([' ', '\t']).filter(|column| !column.is_empty());
        let Some(word) = columns.next() else {
            self.between = true;
            return;
        };
        if self.at_sentence_start() {
            if self.is_empty() {
                self.first_line = number;
            } else {
                self.text.push('\n');
            }
            self.sentences.push(Vec::new());
            self.labels.push(Vec::new());
            self.between = false;
        } else {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(word);
        if let (Some(sentence), Some(labels)) = (self.sentences.last_mut(), self.labels.last_mut()) {
            sentence.push(Span::new(start, self.text.len()));
            labels.push(columns.next_back().unwrap_or_default().to_owned());
        }
    }

    fn finish(self, id: String) -> LabelledDocument {
        let document = Document { sentences: Some(self.sentences), ..Document::new(id, self.text) };
        LabelledDocument { document, labels: self.labels, line: self.first_line }
    }
}

/// The name that a comment gives to a document.
fn document_name(line: &str) -> Option<&str> {
    let comment = line.strip_prefix('#')?.trim_start();
    let (key, name) = comment.strip_prefix("newdoc ").unwrap_or(comment).split_once('=')?;
    (key.trim() == "id").then(|| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(text: &str) -> Vec<Result<LabelledDocument, InputError>> {
        ConllReader::new(Box::new(Cursor::new(text.as_bytes().to_vec())), "f", 1 << 20).collect()
    }

    #[test]
    fn documents_sentences_tokens_and_labels() {
        let found = read(
            "-DOCSTART- -X- O\r\n\r\nBan\tNNP\tB-PER\r\nspoke\tVBD\tO\r\n\r\n\r\n# x\tO\nOslo B-LOC\n\n-DOCSTART-\n\n# id = two\nRome\n",
        );
        let documents: Vec<LabelledDocument> = found.into_iter().map(Result::unwrap).collect();
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0].document.id, "f#1");
        assert_eq!(documents[0].document.text, "Ban spoke\n# Oslo");
        assert_eq!(documents[0].labels, [vec!["B-PER", "O"], vec!["O", "B-LOC"]]);
        assert_eq!(documents[0].document.sentences.as_ref().unwrap()[1], [Span::new(10, 11), Span::new(12, 16)]);
        assert_eq!(documents[0].line, 3);
        assert_eq!((documents[1].document.id.as_str(), documents[1].document.text.as_str()), ("two", "Rome"));
        assert_eq!(documents[1].labels, [[""]]);
    }

    #[test]
    fn a_name_between_sentences_begins_a_document() {
        let found = read("# newdoc id = one\nOslo O\n\nRome O\n\n# newdoc id = two\nBern O\n# id = x\n");
        let documents: Vec<Document> = found.into_iter().map(|found| found.unwrap().document).collect();
        let pairs: Vec<_> = documents.iter().map(|document| (document.id.as_str(), document.text.as_str())).collect();
        assert_eq!(pairs, [("one", "Oslo\nRome"), ("two", "Bern #")]);
    }

    #[test]
    fn a_document_over_the_limit_is_left_out() {
        let text = format!("a O\n\n-DOCSTART- O\n\n{}\n-DOCSTART- O\n\nb O\n", "word O\n".repeat(30));
        let found: Vec<_> = ConllReader::new(Box::new(Cursor::new(text.into_bytes())), "f", 100).collect();
        assert_eq!(found.len(), 3);
        assert!(matches!(&found[1], Err(InputError { fault: Fault::TooLong { limit: 100 }, .. })));
        assert_eq!(found[2].as_ref().unwrap().document.id, "f#3");
    }

    #[test]
    fn a_fault_costs_one_document() {
        let bytes = [&b"a O\n\n-DOCSTART- O\n\n\xff O\n\n-DOCSTART- O\n\nb O\n"[..]].concat();
        let found: Vec<_> = ConllReader::new(Box::new(Cursor::new(bytes)), "f", 100).collect();
        assert_eq!(found.len(), 3);
        assert!(found[0].is_ok() && found[2].is_ok());
        assert!(matches!(&found[1], Err(InputError { line: Some(5), fault: Fault::NotUtf8 { byte: 0 }, .. })));
        assert!(read("").is_empty() && read("\n\n-DOCSTART- O\n\n").is_empty());
    }
}
