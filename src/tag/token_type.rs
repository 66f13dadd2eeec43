//! Token types: the row of a table by which a model is told how a word is written, and what stands before it.

use crate::tag::layout::Layout;
use crate::tag::words::Shape;

/// Rows of a table of shapes alone.
const SHAPE_ROWS: u8 = Shape::Digit as u8 + 1;
const SHAPES: usize = SHAPE_ROWS as usize;

/// Layouts that are told apart.
const LAYOUTS: usize = Layout::Cell as usize + 1;

/// What the rows of a model's token-type table say of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenTypes {
    /// Nothing: the model was not made by this project's scripts.
    Nothing,
    /// Its shape.
    Shapes,
    /// Its shape and its layout: a row for each shape, layout by layout.
    ShapesInLayouts,
}

impl TokenTypes {
    /// By what `config.json` calls the shapes and the layouts.
    ///
    /// # Errors
    /// If it names others than are known; says what is wrong.
    pub fn named(shapes: Option<&[String]>, layouts: Option<&[String]>) -> Result<Self, String> {
        match (shapes.map(<[_]>::len), layouts.map(<[_]>::len)) {
            (None, None) => Ok(Self::Nothing),
            (Some(SHAPES), None) => Ok(Self::Shapes),
            (Some(SHAPES), Some(LAYOUTS)) => Ok(Self::ShapesInLayouts),
            (Some(SHAPES), Some(rows)) => Err(format!("word_layouts has {rows} rows, {LAYOUTS} are known")),
            (Some(rows), _) => Err(format!("word_shapes has {rows} rows, {SHAPES} are known")),
            (None, Some(_)) => Err("word_layouts without word_shapes".to_owned()),
        }
    }

    /// The row of a word.
    #[must_use]
    pub fn row(self, word: &str, layout: Layout) -> i32 {
        match self {
            Self::Nothing => 0,
            Self::Shapes => i32::from(Shape::of(word) as u8),
            Self::ShapesInLayouts => i32::from(layout as u8 * SHAPE_ROWS + Shape::of(word) as u8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_those_of_the_training_script() {
        let row = |types: TokenTypes| types.row("Ban", Layout::Paragraph);
        assert_eq!([TokenTypes::Nothing, TokenTypes::Shapes, TokenTypes::ShapesInLayouts].map(row), [0, 1, 13]);
    }

    #[test]
    fn tables_of_other_sizes_are_refused() {
        let names = vec![String::new(); 6];
        assert_eq!(TokenTypes::named(None, None), Ok(TokenTypes::Nothing));
        assert_eq!(TokenTypes::named(Some(&names), None), Ok(TokenTypes::Shapes));
        assert_eq!(TokenTypes::named(Some(&names), Some(&names[..4])), Ok(TokenTypes::ShapesInLayouts));
        assert!(TokenTypes::named(Some(&names[..5]), None).unwrap_err().contains("5 rows"));
        assert!(TokenTypes::named(Some(&names), Some(&names)).unwrap_err().contains("word_layouts"));
        assert!(TokenTypes::named(None, Some(&names)).unwrap_err().contains("without word_shapes"));
    }
}
