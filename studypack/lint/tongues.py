"""What the rules know of languages: the little words, and the large ones that mean nothing alone.

A rule speaks of “a word that names nothing”; which words those are is here, a language an entry. A language that is not
here is judged by what all of them know of yes and no, and by nothing else: silence is better than a false alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """The words of a language, in lower case.

    - `small` tell nothing of what a text is about: articles, prepositions, forms of “be”;
    - `asking` are the words with which a question asks for more than yes or no;
    - `pointing` stand for something that was named before: it, this, they;
    - `bare` are those of them that leave open what is asked, where but one word beside them tells something: *its*
      capital, founded *it*;
    - `vague` are verbs and adjectives that tell nothing without a noun: work, important;
    - `parts` are nouns that are always somebody's: advantages, symptoms; alone they are a heading that every guide has;
    - `one` are the articles that make such a noun a thing of its own: *a* symptom;
    - `define` ask for such a thing where no article follows: *what* are symptoms;
    - `yes_no` answer a question that can be guessed; `verdict` do where nothing else is asked for: true, right;
    - `hedges` go with them: not *really*, *certainly*; `sides` stand between two things to choose from;
    - `see` begin an answer that is elsewhere, `place` say where; `unwritten` is said instead of an answer.
    """

    small: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    pointing: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    one: frozenset[str] = frozenset()
    define: frozenset[str] = frozenset()
    yes_no: frozenset[str] = frozenset()
    verdict: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    see: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    unwritten: frozenset[tuple[str, ...]] = frozenset()

    @cached_property
    def little(self) -> frozenset[str]:
        """All that tells nothing of what a text is about."""
        return self.small | self.asking | self.pointing


def of(lang: str, tokens: Iterable[str]) -> Tongue:
    """The tongue of a guide: the one that it says, where that is not English, which also stands for none said.

    Then it is the one whose little words are most among the tokens. English is added to each, for many a guide has
    parts in it; but for what stands between two sides: `or` is gold in French.
    """
    name = lang.partition("-")[0].lower()
    if name != "en":
        return _with_english(TONGUES.get(name, OTHER))
    found = Counter(tokens)
    return _with_english(max(TONGUES.values(), key=lambda tongue: sum(found[word] for word in tongue.little)))


def _with_english(tongue: Tongue) -> Tongue:
    both = {each.name: getattr(tongue, each.name) | getattr(_ENGLISH, each.name) for each in fields(Tongue)}
    return Tongue(**both | {"sides": tongue.sides, "yes_no": both["yes_no"] | UNMISTAKABLE})


def _set(words: str = "") -> frozenset[str]:
    return frozenset(words.split())


def _tongue(unwritten: str = "", **words: str) -> Tongue:
    said = frozenset(tuple(phrase.split()) for phrase in unwritten.split("|") if phrase)
    return Tongue(unwritten=said, **{name: _set(text) for name, text in words.items()})


_ENGLISH = _tongue(
    small="a an the is are was were be been do does did s of in on for to and there here we you i your our my can"
    " could should would will has have had with from by at as so or not too also",
    asking="what which who whom whose how why when where",
    pointing="it its this that these those they them their he she his her him one other another",
    bare="it its they them their he she him his this these",
    vague="work works working mean means used use uses useful important matter matters happen happens done need"
    " needed print prints output called call differ different good bad better best worse know many much long often say"
    " next main most common typical key general give name list show explain describe need needs look looks",
    parts="overview introduction intro basics summary example examples note notes usage details misc miscellaneous"
    " background conclusion description definition remarks more others purpose advantage advantages disadvantage"
    " disadvantages benefit benefits drawback drawbacks pros cons property properties feature features types steps"
    " process causes symptoms treatment diagnosis history difference differences points takeaways parts components",
    one="a an any",
    define="what",
    yes_no="yes no yep yeah nope",
    verdict="true false correct incorrect right wrong",
    hedges="really absolutely certainly definitely always never mostly usually sometimes often generally course",
    sides="or",
    see="see refer explained described mentioned covered discussed shown answered compare cf as same",
    place="above below before earlier previous next section chapter page part lecture slide figure table answer"
    " question topic docs documentation link notes note",
    unwritten="todo|to do|tbd|tbc|tba|fixme|wip|xxx|n a|coming soon|to be written|to be done|to be added"
    "|to be completed|to be continued|to be determined|to be filled in|work in progress|already covered"
    "|already explained|already answered|ditto|idem|same|likewise",
)

_GERMAN = _tongue(
    small="der die das den dem des ein eine einen einem einer eines ist sind war waren wird werden wurde wurden hat"
    " haben kann können soll sollte muss darf man und oder in im an am auf für von vom zu zum zur bei mit nach aus um"
    " über nicht auch noch so denn sich gibt tut ich wir als wie",
    asking="was wer wem wen wessen wie warum wieso weshalb wozu wann wo woher wohin welche welcher welches welchen"
    " welchem wofür womit wodurch woraus worin",
    pointing="es er sie ihn ihm ihr ihre ihrer ihren sein seine seiner seinen dies diese dieser dieses diesen dabei"
    " dazu dafür damit davon",
    bare="es er sie ihn sein seine seiner ihre ihrer",
    vague="funktioniert funktionieren bedeutet bedeuten dient dienen macht machen passiert wichtig nutzt nützt"
    " braucht brauchen verwendet benutzt heißt geht besteht nächstes besser gut häufig häufigsten wichtigsten"
    " wichtigste",
    parts="überblick einleitung einführung zusammenfassung beispiel beispiele allgemeines vorteil vorteile nachteil"
    " nachteile fazit definition grundlagen ursache ursachen folge folgen symptome therapie diagnose behandlung zweck"
    " eigenschaften merkmale unterschied unterschiede bedeutung ablauf schritte arten hintergrund anmerkungen"
    " sonstiges",
    one="ein eine einen einem einer eines",
    define="was",
    yes_no="ja nein jein",
    verdict="richtig falsch wahr korrekt stimmt",
    hedges="grundsätzlich natürlich immer niemals nie meistens meist manchmal gar durchaus sicher eher klar doch"
    " selten",
    sides="oder bzw",
    see="siehe vgl vergleiche wie erklärt beschrieben erwähnt so",
    place="oben unten abschnitt kapitel seite vorher vorherigen nächsten nächste folgenden erwähnt beschrieben",
    unwritten="s o|folgt|folgt noch|kommt noch|noch zu ergänzen|zu ergänzen|noch ergänzen|noch offen|todo|to do",
)

_FRENCH = _tongue(
    small="le la les l un une des du de d à au aux en dans sur pour par avec et ou est sont était ce c se s y a ont"
    " qu que ne pas t on sert peut doit fait ci comme",
    asking="quoi qui quel quelle quels quelles comment pourquoi quand où combien lequel laquelle",
    pointing="il elle ils elles cela ça ceci ce cette ces celui celle leur leurs son sa ses lui en",
    bare="il elle ils elles son sa ses leur leurs",
    vague="marche fonctionne fonctionnent signifie sert servent important importante veut dire utilise utilisé faire"
    " principaux principales passe",
    parts="aperçu résumé introduction conclusion exemple exemples avantage avantages inconvénient inconvénients"
    " définition généralités rappel rappels cause causes conséquences symptômes traitement diagnostic différence"
    " différences but étapes caractéristiques propriétés types remarques",
    one="un une",
    yes_no="oui non si",
    verdict="vrai faux exact correct",
    hedges="toujours jamais bien sûr pas vraiment généralement parfois souvent plutôt certainement absolument tout",
    sides="ou",
    see="voir cf vu vue comme",
    place="haut bas plus dessus dessous supra infra section chapitre page partie précédent précédente suivant"
    " suivante indiqué expliqué",
    unwritten="à compléter|à faire|à venir|à rédiger|idem",
)

_SPANISH = _tongue(
    small="el la los las lo un una unos unas de del a al en para por con y o u e es son era fue ser está están hay"
    " se su sus que no más muy le como todo",
    asking="qué quién quiénes cuál cuáles cómo cuándo dónde cuánto cuánta cuántos cuántas",
    pointing="él ella ello ellos ellas esto este esta estos estas eso ese esa esos esas aquello",
    vague="funciona funcionan significa significan sirve sirven usa usan utiliza importante importantes pasa hace"
    " hacen diferencia principales",
    parts="introducción resumen ejemplo ejemplos conclusión conclusiones ventaja ventajas desventaja desventajas"
    " inconvenientes definición generalidades causas consecuencias síntomas tratamiento diagnóstico diferencia"
    " diferencias características propiedades tipos pasos notas",
    one="un una",
    yes_no="sí si no",
    verdict="verdadero falso cierto correcto incorrecto",
    hedges="siempre nunca claro depende generalmente casi absolutamente puede",
    sides="o u",
    see="ver véase vea cf como",
    place="arriba abajo anterior siguiente sección capítulo página apartado supra infra dicho explicado",
    unwritten="pendiente|por completar|por hacer|por escribir|ídem",
)

_PORTUGUESE = _tongue(
    small="o a os as um uma uns umas de do da dos das em no na nos nas para por com e é são era foi ser está estão"
    " há se que não mais ao à como todo",
    asking="que quê quem qual quais como quando onde porquê quanto quantos quantas",
    pointing="ele ela eles elas isso isto este esta esse essa aquilo seu sua seus suas",
    vague="funciona funcionam significa significam serve servem usa usam importante importantes acontece faz fazem"
    " principais",
    parts="introdução resumo exemplo exemplos conclusão vantagem vantagens desvantagem desvantagens definição causas"
    " consequências sintomas tratamento diagnóstico diferença diferenças características propriedades tipos etapas"
    " notas",
    one="um uma",
    yes_no="sim não",
    verdict="verdadeiro falso certo errado correto",
    hedges="sempre nunca claro depende geralmente quase absolutamente pode",
    sides="ou",
    see="ver veja vide cf como",
    place="acima abaixo anterior próxima próximo seguinte seção secção capítulo página dito explicado",
    unwritten="a completar|por completar|a fazer|pendente|em breve",
)

_ITALIAN = _tongue(
    small="cos il lo la i gli le l un uno una un di del dello della dei degli delle a al alla in nel nella per da"
    " dal con e o è sono era fu essere si c che non più su sul come",
    asking="cosa che chi quale quali come quando dove perché quanto quanti quante",
    pointing="esso essa essi lui lei loro questo questa questi queste quello quella ciò suo sua suoi sue",
    vague="funziona funzionano significa significano serve servono usa usano importante importanti succede fa fanno"
    " principali",
    parts="introduzione riepilogo riassunto esempio esempi conclusione conclusioni vantaggio vantaggi svantaggio"
    " svantaggi definizione cause conseguenze sintomi trattamento terapia diagnosi differenza differenze"
    " caratteristiche proprietà tipi fasi note",
    one="un uno una",
    yes_no="sì no",
    verdict="vero falso corretto giusto sbagliato",
    hedges="sempre mai certo dipende generalmente quasi assolutamente",
    sides="o oppure",
    see="vedi vedere cfr come",
    place="sopra sotto precedente seguente sezione capitolo pagina detto spiegato",
    unwritten="da completare|da fare|da scrivere|in arrivo",
)

_DUTCH = _tongue(
    small="de het een van in op voor met en of is zijn was waren wordt worden er aan bij uit te niet ook dan je men"
    " heeft hebben kan moet",
    asking="wat wie welke welk hoe waarom wanneer waar waarvoor waarmee",
    pointing="het hij zij ze dit dat deze die hun haar hem ervan",
    vague="werkt werken betekent betekenen dient doet doen gebeurt belangrijk gebruikt gebruik heet belangrijkste",
    parts="overzicht inleiding samenvatting voorbeeld voorbeelden conclusie voordeel voordelen nadeel nadelen"
    " definitie oorzaken gevolgen symptomen behandeling diagnose verschil verschillen kenmerken eigenschappen soorten"
    " stappen",
    one="een",
    yes_no="ja nee neen",
    verdict="waar onwaar juist onjuist goed fout",
    hedges="altijd nooit meestal soms zeker natuurlijk echt wel",
    sides="of",
    see="zie vgl zoals",
    place="boven onder hierboven hieronder eerder paragraaf hoofdstuk pagina vorige volgende",
    unwritten="nog aanvullen|volgt|volgt nog|nog invullen",
)

_POLISH = _tongue(
    small="i w we z ze na do od dla o u po przez przy jest są był była było były być się nie też a oraz czy lub",
    asking="co kto kogo komu czego czym jak jaki jaka jakie jakich który która które dlaczego czemu kiedy gdzie ile",
    pointing="to ten ta te tego tej tym tych on ona ono oni one jego jej ich go",
    vague="działa działają oznacza znaczy służy służą robi używa ważne ważny ważna polega główne",
    parts="wstęp wprowadzenie podsumowanie przykład przykłady zalety wady definicja przyczyny skutki objawy leczenie"
    " diagnoza rozpoznanie różnica różnice cechy właściwości rodzaje etapy uwagi wnioski",
    yes_no="tak nie",
    verdict="prawda fałsz",
    hedges="zawsze nigdy raczej oczywiście zwykle czasem zazwyczaj wcale",
    sides="lub albo czy",
    see="patrz zob zobacz por jak",
    place="wyżej niżej powyżej poniżej rozdział sekcja strona następny poprzedni",
    unwritten="do uzupełnienia|do zrobienia|wkrótce",
)

_RUSSIAN = _tongue(
    small="и в во с со на к от до для о об у по из за при не ни а же ли есть был была было были быть бы",
    asking="что кто кого чего чем как какой какая какое какие каков какова каковы который почему зачем когда где"
    " сколько",
    pointing="это этот эта эти этого такое он она оно они его её ее их ему",
    vague="работает работают значит означает служит служат нужно нужен нужна важно делает происходит используется"
    " главные основные",
    parts="обзор введение вступление пример примеры заключение вывод выводы преимущества недостатки плюсы минусы"
    " определение причины последствия симптомы лечение диагностика отличие отличия разница свойства виды этапы",
    yes_no="да нет",
    verdict="верно неверно правда ложь",
    hedges="всегда никогда конечно обычно иногда скорее",
    sides="или либо",
    see="см смотри смотрите ср как",
    place="выше ниже раздел главу главе страницу след",
    unwritten="дописать|будет позже|потом|доделать",
)

_TURKISH = _tongue(
    small="ve ile bir da de için gibi mi mı mu mü midir mıdır mudur müdür dir dır var yok olarak değil",
    asking="ne nedir neden niçin niye nasıl kim kimdir nerede hangi hangisi kaç",
    pointing="bu bunu bunun bunlar şu o onu onun onlar",
    vague="çalışır yapar yapılır kullanılır olur demektir yarar işe önemli önemlidir",
    parts="giriş özet örnek örnekler sonuç avantajları dezavantajları tanım nedenleri sonuçları belirtileri tedavi"
    " tanı özellikleri türleri farkı farkları",
    one="bir",
    yes_no="evet hayır",
    verdict="doğru yanlış",
    hedges="her zaman asla genellikle bazen elbette",
    sides="veya ya yoksa",
    see="bkz bakınız bak yukarıya aşağıya",
    place="bkz bakınız bak yukarıda aşağıda bölüm sayfa",
    unwritten="eklenecek|yazılacak|yakında|tamamlanacak",
)

_HINDI = _tongue(
    small="क्या का की के को से में पर है हैं था थे थी और या एक ने तक भी ही हो होता होती होते करता करती करते",
    asking="कौन कैसे क्यों कब कहाँ कितने कितना कितनी किस किसे",
    pointing="यह ये वह वे इस इसका इसके इसकी इसे उस उसका इन उन",
    vague="काम कार्य महत्वपूर्ण",
    parts="परिचय सारांश उदाहरण निष्कर्ष परिभाषा लाभ हानि कारण लक्षण उपचार निदान अंतर विशेषताएँ प्रकार",
    one="एक",
    yes_no="हाँ हां नहीं",
    verdict="सही गलत सत्य असत्य",
    hedges="जी हमेशा कभी",
    sides="या",
    see="देखें देखिए",
    place="ऊपर नीचे अध्याय पृष्ठ",
)

TONGUES: Mapping[str, Tongue] = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": _GERMAN,
        "fr": _FRENCH,
        "es": _SPANISH,
        "pt": _PORTUGUESE,
        "it": _ITALIAN,
        "nl": _DUTCH,
        "pl": _POLISH,
        "ru": _RUSSIAN,
        "tr": _TURKISH,
        "hi": _HINDI,
    }
)

OTHER = _tongue(
    asking="γιατί πώς πότε なぜ 为什么 hvorfor hvordan varför hur proč jak kdy miért hogyan чому як",
    yes_no="ναι όχι sí si sim não nej nei kyllä ei tak nie ano ne áno igen nem da nu nie так ні не evet hayır có"
    " không ya tidak כן לא نعم لا はい いいえ 是 否 네 예 아니요 아니오",
    verdict="σωστό λάθος adevărat fals pravda lož sant falskt 对 错",
    sides="eller nebo або ή hoặc atau sau",
)
"""What is known of all other languages."""

UNMISTAKABLE = _set(
    "ja nein oui sí sim não nee да нет evet hayır ναι όχι có không tidak igen kyllä はい いいえ 是 否 네 예 아니요"
    " 아니오 כן לא نعم لا हाँ नहीं"
)
"""Yes and no that are no other word anywhere: `nie` is “never” in German, `ano` a year in Portuguese."""
