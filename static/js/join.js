/** The page behind a code: words in the language of the page. */
import { writtenWords } from "./sessions-words.js";
import { translate } from "./translate.js";

translate(document, writtenWords());
