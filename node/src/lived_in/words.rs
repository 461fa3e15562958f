//! What people say in a circle that nobody is in: ordinary days, put together from pieces. It is not
//! meant to be read closely, and says so nowhere.

use windbreak_protocol::content::Ask;
use windbreak_protocol::random::Random;
use windbreak_protocol::secret::Secret;

const TITLES: [&str; 8] = [
    "Evening walk",
    "Thursday table",
    "Slow mornings",
    "The kitchen circle",
    "Between shifts",
    "New in town",
    "Sunday letters",
    "After the exams",
];
const NAMES: [&str; 12] = [
    "Juniper", "Hazel", "Linden", "Robin", "Sorrel", "Wren", "Aspen", "Marlow", "Fern", "Sage",
    "Bram", "Iris",
];
const WELCOME: &str = "Come as you are. You need not write to belong.";
const AGREEMENT: &str = "What is said here stays here. We listen first, and give ideas when asked.";

const OPENINGS: [&str; 12] = [
    "Slept a little better last night.",
    "Long day, but the good kind.",
    "I nearly did not write today.",
    "Went out for bread and took the long way back.",
    "Rain since the morning, and I did not mind.",
    "My head is full and my hands are cold.",
    "Called my sister, finally.",
    "The week was louder than I am.",
    "I cooked something green.",
    "Work was work.",
    "Woke at four and watched it get light.",
    "A quiet one.",
];
const MIDDLES: [&str; 12] = [
    "I keep putting off the letter on the table.",
    "There was a blackbird on the rail and I stood there until it went.",
    "Half of the list is done, the half that does not matter.",
    "I told somebody at work that I am tired. They just nodded, and it helped.",
    "I do not know yet what I want from the summer.",
    "I counted: three days without that heavy feeling in the morning.",
    "The neighbour brought back my bowl with plums in it.",
    "It is the small things that take so long.",
    "I went to bed before midnight twice this week.",
    "Somebody asked how I was and I said the true thing.",
    "I sat on the stairs for a while before going in.",
    "I think I was too hard on myself on Monday.",
];
const ENDINGS: [&str; 8] = [
    "That is all. Good night.",
    "Thanks for being here.",
    "Tomorrow again.",
    "How are you all?",
    "No need to answer.",
    "I wanted to tell somebody.",
    "We will see.",
    "",
];
const REPLIES: [&str; 16] = [
    "Thank you for writing this.",
    "I know that stair.",
    "Good that you went out.",
    "Same here this week.",
    "That sounds like a lot. I am glad you told us.",
    "The blackbirds are early this year.",
    "Three days is not nothing.",
    "I read it twice.",
    "Sleep well.",
    "The letter can wait another day.",
    "I had plums too, what a year for them.",
    "Thinking of you.",
    "You said the true thing. That is brave.",
    "Yes. The small things.",
    "Here, and listening.",
    "Tell us how it went.",
];

/// What one circle is like.
pub(super) struct Story {
    pub(super) title: &'static str,
    pub(super) names: Vec<&'static str>,
    pub(super) welcome: &'static str,
    pub(super) agreement: &'static str,
}

impl Story {
    /// One of many.
    pub(super) fn draw(draw: &mut Draw) -> Self {
        let mut names = NAMES.to_vec();
        for at in (1..names.len()).rev() {
            names.swap(at, draw.below(at as u64 + 1) as usize);
        }
        Self { title: draw.one_of(&TITLES), names, welcome: WELCOME, agreement: AGREEMENT }
    }
}

/// Draws what happens.
pub(super) struct Draw(Random);

impl Draw {
    pub(super) fn new(seed: Secret<32>) -> Self {
        Self(Random::from_seed(&seed))
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    pub(super) fn secret(&mut self) -> Secret<32> {
        self.0.secret()
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    /// A share.
    pub(super) fn share(&mut self) -> String {
        let mut parts = vec![self.one_of(&OPENINGS), self.one_of(&MIDDLES)];
        if self.below(3) == 0 {
            parts.push(self.one_of(&MIDDLES));
        }
        parts.push(self.one_of(&ENDINGS));
        parts.dedup();
        parts.join(" ").trim_end().to_owned()
    }

    /// A reply.
    pub(super) fn reply(&mut self) -> String {
        self.one_of(&REPLIES).to_owned()
    }

    /// What the author of a share wants.
    pub(super) fn ask(&mut self) -> Ask {
        if self.below(4) == 0 { Ask::IdeasWelcome } else { Ask::JustListening }
    }
}
