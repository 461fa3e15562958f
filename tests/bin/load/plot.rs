//! A line chart with two logarithmic axes, drawn as SVG: growth shows as slope.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 52.0;
/// Told apart also by those who see few colours: each line has its own mark and a name at its end.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#7f6000"];

/// A chart.
#[derive(Debug)]
pub(crate) struct Chart {
    /// What it shows.
    pub(crate) title: String,
    /// Where and when it was measured.
    pub(crate) note: String,
    /// What grows, with its unit.
    pub(crate) across: String,
    /// What it costs, with its unit.
    pub(crate) up: String,
    /// The lines.
    pub(crate) lines: Vec<Line>,
}

/// One line; a dashed one is a raw counterpart.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) dashed: bool,
    pub(crate) points: Vec<(f64, f64)>,
}

impl Line {
    pub(crate) fn new(name: &str, dashed: bool, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), dashed, points }
    }
}

/// Powers of ten that hold all values.
fn decades(values: impl Iterator<Item = f64>) -> (i32, i32) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| *value > 0.0) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return (0, 1);
    }
    let low = low.log10().floor() as i32;
    (low, (high.log10().ceil() as i32).max(low + 1))
}

impl Chart {
    /// The chart as an SVG document.
    pub(crate) fn to_svg(&self) -> String {
        let all = || self.lines.iter().flat_map(|line| line.points.iter());
        let (left, right) = decades(all().map(|point| point.0));
        let (bottom, top) = decades(all().map(|point| point.1));
        let (wide, high) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
        let x = |v: f64| LEFT + wide * (v.log10() - f64::from(left)) / f64::from(right - left);
        let y =
            |v: f64| TOP + high - high * (v.log10() - f64::from(bottom)) / f64::from(top - bottom);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n\
             <title>{title}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
             <text x=\"{LEFT}\" y=\"20\" font-size=\"15\">{title}</text>\n\
             <text x=\"{LEFT}\" y=\"36\" fill=\"#555\" font-size=\"10\">{note}</text>\n",
            title = escaped(&self.title),
            note = escaped(&self.note),
        );
        for power in left..=right {
            let at = x(10_f64.powi(power));
            // Writing to a string does not fail.
            let _ = writeln!(
                svg,
                "<path d=\"M{at:.1} {TOP}v{high:.1}\" stroke=\"#ddd\"/>\
                 <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                TOP + high + 16.0,
                number(power),
            );
        }
        for power in bottom..=top {
            let at = y(10_f64.powi(power));
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT} {at:.1}h{wide:.1}\" stroke=\"#ddd\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                at + 4.0,
                number(power),
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            LEFT + wide / 2.0,
            HEIGHT - 14.0,
            escaped(&self.across),
            TOP + high / 2.0,
            escaped(&self.up),
        );
        self.draw_lines(&mut svg, x, y);
        svg.push_str("</svg>\n");
        svg
    }

    fn draw_lines(&self, svg: &mut String, x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) {
        let mut names: Vec<(f64, f64, usize)> = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            let colour = COLOURS[number / 2 % COLOURS.len()];
            let points: Vec<(f64, f64)> = line
                .points
                .iter()
                .filter(|point| point.0 > 0.0 && point.1 > 0.0)
                .map(|point| (x(point.0), y(point.1)))
                .collect();
            if points.is_empty() {
                continue;
            }
            let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            let dashes = if line.dashed { " stroke-dasharray=\"5 4\"" } else { "" };
            let _ = writeln!(
                svg,
                "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"{dashes}/>",
                path.join("L")
            );
            for (x, y) in &points {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>"
                );
            }
            if let Some((x, y)) = points.last() {
                names.push((*y, *x, number));
            }
        }
        // Names that would lie on each other are moved apart.
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = f64::NEG_INFINITY;
        for (y, x, number) in names {
            let at = y.max(free);
            free = at + 14.0;
            let colour = COLOURS[number / 2 % COLOURS.len()];
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
                x + 8.0,
                at + 4.0,
                escaped(&self.lines[number].name),
            );
        }
    }
}

fn number(power: i32) -> String {
    match power {
        -3..=6 => {
            let digits = usize::try_from(-power).unwrap_or_default();
            format!("{:.digits$}", 10_f64.powi(power))
        }
        _ => format!("1e{power}"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_holds_its_lines_and_is_well_formed() {
        let chart = Chart {
            title: "Cost & members".into(),
            note: String::new(),
            across: "members".into(),
            up: "ms".into(),
            lines: vec![
                Line::new("ours", false, vec![(2.0, 0.1), (1000.0, 12.0)]),
                Line::new("raw", true, vec![(2.0, 0.05), (1000.0, 6.0), (10.0, 0.0)]),
            ],
        };
        let svg = chart.to_svg();
        assert!(svg.contains("Cost &amp; members"));
        assert_eq!(svg.matches("<circle").count(), 4, "a value of zero has no place on the axis");
        assert_eq!(svg.matches("stroke-dasharray").count(), 1);
        assert!(svg.ends_with("</svg>\n"));
    }

    #[test]
    fn axes_hold_all_values() {
        assert_eq!(decades([0.02, 700.0].into_iter()), (-2, 3));
        assert_eq!(decades(std::iter::empty()), (0, 1));
        assert_eq!(
            (number(-2), number(3), number(9)),
            ("0.01".into(), "1000".into(), "1e9".into())
        );
    }
}
