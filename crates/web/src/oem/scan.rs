//! Where a JSON value ends, found byte by byte, without reading what it says.

/// A value that is being read, byte by byte.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scan {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

/// What a byte is to the value.
pub(super) enum Step {
    /// A part of it.
    Inside,
    /// Its last one.
    Last,
    /// It stands behind the value.
    Behind,
}

impl Scan {
    /// Takes the next byte.
    pub(super) fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    return self.ends();
                }
                _ => {}
            }
            return Step::Inside;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                return Step::Behind;
            }
            b'}' | b']' => {
                self.depth -= 1;
                return self.ends();
            }
            _ => {}
        }
        Step::Inside
    }

    fn ends(self) -> Step {
        if self.depth == 0 {
            Step::Last
        } else {
            Step::Inside
        }
    }
}
