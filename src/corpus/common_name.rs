//! Full names that many people bear: where given and family name are both among the commonest, the name alone does not
//! identify, and the company that it keeps must say more.

/// Common given names in English, Spanish, Portuguese, French, German, Italian, Arabic, Chinese and Korean; folded.
const GIVEN: &str = "aaron adam ahmed alan albert alejandro alex alexander alfred ali alice amanda amy ana andre andrea \
    andreas andrew angela ann anna anne anthony antonio arthur barbara ben benjamin bernard betty bill bob brian bruce \
    carl carlos carol caroline catherine charles charlie chris christian christine christopher claire claudia craig \
    cynthia daniel dave david deborah dennis diana diane don donald donna dorothy douglas ed eduardo edward elena \
    elizabeth emily emma eric eva fernando francis francisco frank fred gary george gerald giovanni graham greg gregory \
    hans harold harry hassan heather helen henry howard hussein ian ivan jack jackie james jan jane janet jason javier \
    jean jeff jeffrey jennifer jeremy jerry jessica jim jimmy joan joe john johnny jon jonathan jorge jose joseph juan \
    judith julia julie justin karen karl kate katherine kathleen keith ken kenneth kevin kim larry laura lee linda lisa \
    louis luis marco margaret maria marie mario mark martha martin mary matt matthew michael michel miguel mike mohamed \
    mohammed muhammad nancy neil nicholas nick nicole oliver pamela patricia patrick paul paula pedro peter philip \
    pierre rachel ralph raymond rebecca ricardo richard rick rob robert roberto robin roger ron ronald rosa roy russell \
    ruth ryan sam samuel sandra sara sarah scott sean sharon simon stephanie stephen steve steven stuart sue susan \
    tania ted teresa terry thomas tim timothy tom tony victor victoria walter wayne wei william yusuf zhang";

/// Common family names of the same languages; folded.
const FAMILY: &str = "adams ahmed alexander ali allen alvarez anderson andrews armstrong arnold bailey baker barnes \
    bell bennett black brooks brown bryant burns butler campbell carter castillo castro chan chapman chavez chen clark \
    clarke cohen cole coleman collins cook cooper cox craig cruz cunningham davies davis day diaz dixon dubois duncan \
    edwards elliott ellis evans fernandez ferguson ferreira fisher flores ford foster fox garcia gibson gomez gonzales \
    gonzalez gordon graham grant gray green griffin gutierrez hall hamilton hansen harris harrison hart harvey hassan \
    hayes henderson henry hernandez hill hoffman holmes howard huang hughes hunt hunter hussein jackson jacobs james \
    jenkins jensen jimenez johnson johnston jones jordan kelly kennedy khan kim king kumar lee lewis li lin liu lopez \
    marshall martin martinez mason matthews mcdonald medina mendoza meyer miller mills mitchell mohamed moore morales \
    moreno morgan morris morrison muller murphy murray myers nelson nguyen o'brien obrien ortiz owens palmer park \
    parker patel patterson payne perez perry peters peterson phillips porter powell price ramirez ramos reed rees \
    reid reyes reynolds rice richards richardson rivera roberts robertson robinson rodriguez rogers romero rose ross \
    ruiz russell ryan sanchez sanders santos schmidt schneider scott shah sharma shaw silva simmons simpson singh smith \
    snyder stephens stevens stewart stone sullivan taylor thomas thompson torres tucker turner wagner walker wallace \
    wang ward washington watson weaver weber webb wells west white williams williamson wilson wong wood woods wright wu \
    yang young zhang";

/// Whether both ends of a name of folded words are among the commonest.
pub(crate) fn is_common_person(words: &[String]) -> bool {
    let [first, middle @ .., last] = words else { return false };
    // A middle name of more than a letter sets its bearer apart.
    middle.iter().all(|word| word.chars().count() == 1) && contains(GIVEN, first) && contains(FAMILY, last)
}

fn contains(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_must_be_common() {
        let name = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_common_person(&name("john smith")));
        assert!(is_common_person(&name("john a smith")));
        assert!(!is_common_person(&name("john quincy smith")));
        assert!(!is_common_person(&name("petra holt")));
        assert!(!is_common_person(&name("smith")));
    }
}
