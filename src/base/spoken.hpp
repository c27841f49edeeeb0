// What of a text its writer says: Markdown's code, quotes and comments are what somebody shows, repeats or hides, so
// a number or a word in them says nothing. Reads blocks as CommonMark 0.31 does (fences of any length, indented code,
// block quotes, code in lists, spans of n backticks, comments of HTML), GitLab's ">>>" and Discourse's [quote], too.
// One rule is not CommonMark's: a line that goes on behind a quote without a ">" of its own is the writer's, since
// answers by mail are written so.
//
// Promises: the result is as long as the text and breaks its lines at the same places, so that what is found in it
// stands at the same place in the text; time is linear in the length; any bytes are taken.
#pragma once

#include <string>
#include <string_view>

namespace resident {

enum class Markup {
  markdown,  // descriptions and comments
  message    // of a commit: no code by indentation, and a span of code ends on its line
};

// What is left out as a block becomes spaces. A span of code becomes kUnspoken, so that what stands on its two sides
// does not come together. The text and the brackets of a link to an http address become kTransparent, since the
// address tells what it names.
inline constexpr char kUnspoken = '\x01', kTransparent = '\x02';

std::string spoken_text(std::string_view text, Markup markup);

// What is struck out ("~~LGTM~~", <s>, <del>) within one paragraph becomes spaces: its writer takes it back. Forges
// close issues by such words all the same, so this is for what people mean alone.
void leave_out_struck(std::string& text);

}  // namespace resident
