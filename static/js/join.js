/** The page behind a code: words in the language of the page. */
import { translate } from "./sessions-words.js";

translate(document);
