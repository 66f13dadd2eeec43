//! Articles made up from word lists: as many as a benchmark wants, the same ones every time.

const GIVEN: [&str; 16] = [
    "Amara",
    "Bruno",
    "Chiara",
    "Dmitri",
    "Elif",
    "Farid",
    "Grace",
    "Hiroshi",
    "Ines",
    "Jamal",
    "Katarzyna",
    "Liam",
    "Mei",
    "Nadia",
    "Oskar",
    "Priya",
];
const FAMILY: [&str; 16] = [
    "Adeyemi",
    "Bergström",
    "Castillo",
    "Demir",
    "Eriksen",
    "Fontaine",
    "Grigorescu",
    "Haddad",
    "Ito",
    "Jovanović",
    "Kaplan",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "O'Connell",
    "Petrov",
];
const PLACES: [&str; 12] =
    ["Accra", "Bergen", "Cairo", "Dakar", "Geneva", "Hanoi", "Jakarta", "Lima", "Montreal", "Nairobi", "Porto", "Riga"];
const BODIES: [&str; 12] = [
    "Atlas Shipping Corp.",
    "Borealis Bank",
    "Central Election Commission",
    "Delta Steel AG",
    "European Union",
    "Federal Reserve",
    "Green Valley Hospital",
    "Ministry of Transport",
    "NATO",
    "Orion Pharma Ltd.",
    "United Nations",
    "World Health Organization",
];
const EVENTS: [&str; 8] = [
    "rejected the terms of a loan that had been agreed in the spring",
    "opened an inquiry into the collapse of a bridge",
    "said that talks would go on until both sides had signed",
    "asked for more time to study the budget",
    "warned that prices would rise again before the winter",
    "agreed to reopen the border to lorries carrying food",
    "denied reports of a merger and called them fantasy",
    "promised new schools for the northern provinces",
];

/// A generator of articles; equal seeds give equal articles.
pub struct Articles(u64);

impl Articles {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// An article of about `sentences` times 25 words.
    pub fn article(&mut self, sentences: usize) -> String {
        let people: Vec<(&str, &str)> = (0..3).map(|_| (self.pick(&GIVEN), self.pick(&FAMILY))).collect();
        let (place, body) = (self.pick(&PLACES), self.pick(&BODIES));
        let mut text = format!("{} Talks Enter Second Week\n\n{} - ", place, place.to_uppercase());
        for index in 0..sentences {
            let (given, family) = people[index % people.len()];
            let (event, other) = (self.pick(&EVENTS), self.pick(&PLACES));
            let sentence = match self.below(4) {
                0 => format!("{given} {family}, who speaks for the {body} in {other}, {event} on Tuesday. "),
                1 => format!("\"Nobody in {other} believes it,\" {family} told reporters. The {body} {event}. "),
                2 => format!("Officials in {place} {event}, a day after Mr. {family} had left for {other}. "),
                _ => format!("The {body} {event}, and the government {}. ", self.pick(&EVENTS)),
            };
            text += &sentence;
            if index % 4 == 3 {
                text += "\n\n";
            }
        }
        text
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        // Knuth's 64-bit linear congruential generator (MMIX); the high bits are the random ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
