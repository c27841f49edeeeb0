// A picture as PNG, from its SVG, by librsvg and cairo. Both are looked for when the first picture is drawn and not
// before (dlopen): no other command loads them, nothing is needed to build, and where they are absent there are no
// pictures. Words are drawn in the fonts that the machine has; where it has none, no picture is made rather than one
// without words. Same SVG, same libraries and fonts: same bytes.
#pragma once

#include <string>

namespace resident {

// Why no picture can be drawn here, as a sentence with what to install; "" where one can.
const std::string& why_no_pictures();

// Throws Error where the SVG cannot be drawn or pictures cannot be drawn at all. The SVG is our own: nothing in it is
// fetched, whatever it names (librsvg loads no file for a document that has no place).
std::string png_of_svg(const std::string& svg, int width, int height);

}  // namespace resident
