"""Words that matter when looking for names: who a name may follow, and capitals that are not names."""

from storage.privacy.wordlists import words_of

TITLES = words_of(
    """
mr mrs ms miss mx dr prof professor rev revd reverend sir dame cllr councillor hhj judge pc dc ds sgt
"""
)
# Lower-case "miss", "judge", "sir" and the rest are words; these are not.
LOWER_TITLES = words_of("mr mrs ms mx dr cllr")

# A capitalised word straight after one of these is taken for a name unless it is listed below.
RELATIONS = words_of(
    """
son sons daughter daughters child children baby babies boy boys girl girls brother brothers sister sisters sibling
siblings niece nephew grandson granddaughter grandchild grandchildren stepson stepdaughter stepfather stepmother
stepdad stepmum twin twins eldest youngest mother mum mam mummy father dad daddy parent parents grandmother grandma
nan nana gran granny grandfather grandad granddad aunt auntie uncle cousin partner ex-partner ex husband ex-husband
wife ex-wife boyfriend girlfriend carer carers worker workers sw iro manager teacher headteacher head senco nurse
midwife visitor advocate solicitor barrister guardian friend neighbour complainant pupil student person client
resident patient youngster teenager toddler newborn infant therapist psychologist psychiatrist counsellor
paediatrician doctor gp officer handler reviewer assessor supervisor director councillor practitioner mentor tutor
keyworker lad lass bloke lady gentleman man woman kid kids fiance fiancee adopter adopters
"""
)
# … or after these, which speak of a name outright.
NAMERS = words_of("named name names forename surname nickname nicknamed alias aka née nee firstname")
GREETINGS = words_of("dear hi hello hiya sincerely faithfully regards wishes signed")
# Two or more capitals after a relation that are not initials, and any word written in capitals that is no name.
ACRONYMS = words_of(
    """
aa abc abe acas adhd adm ahp aip am amhp anp ao apc api app asap asc asd asyeb asye ayse ba bame bbc bc brp bsl ca
cafcass camhs cao cbt cc ccg cce ce ceo cfa cfs cft chc chin cic cie cin cio cla cme co cp cpc cpp cpr cps cqc cs csa
cse csw ct cv da dadc das dass dbs dcs dfe dhr dna do dob dols dpa dsl dss dv dvpo ed edt eh ehc ehcp ehcna ehm ei eic
el elt email en eo ep epo epc epp er esol et eu ews eye faq fao fao ff fft fgc fgm fii fis fm foi form fr fs fsw ft
ftb fwi fyi ga gal gcse gdpr gp ha hcpc head hmcts hmp hmrc ho hod hos hr hv ia icb ico icpc ics ict id idva ie ii iii
ims inc io ip ipp iq iro isa isp ispa isw it iv iw jobs jtai kcsie kpi ks la lac lacic lado lap lcs lea lgo lgsco lgbt
lgbtq lip llc lo loi los lscb lsa lscp lspa lss ma mac maca mapp mappa marac mash mc mca mdt me mh mht mins mir mn mou
mp ms msp na nb nee neet nfa nhs ni niamh no nps nqsw nrpf nspcc nvq oa oc od ofsted ok on onset ooh or os ot pa pace
pb pc pcso pdf pe pep pex pf pi pip pj pl plo pm po pps pr pru ps pso pt pv qa qc qt ra rag rcpc rd re reg rn ro rpa
rsw rsvp sa sab saf sar sc scp scr se sen senco send sep sf sg sgo si sib sm smt so sos sow spa sro ssw st stp sts stw
su sus sw swe ta tac taf tbc tm tor tpr tv uasc ui uk un unit up upn urn us vat vs wa wc wd we wi woa ws wt ww ya yjb
yjs yos yot yp ypas yr ys yt pan bm asa osg ofs scit pao ado ssm ico dbt emdr gprs ass ata ddp miss
"""
)

# Single letters that are labels in reports and Ombudsman decisions (Child A, Mr X), not initials.
LABEL_LETTERS = frozenset("ABCDXYZ")

# Capitalised words of ordinary complaint prose: never names. Everything in lower case.
ORDINARY = words_of(
    """
a about above accommodation according act action acting actions actually adoption adoptions adopter adopters adult
adults advice advocacy advocate advocates after afternoon again against agency agreed agreement all allegation
allegations allocation allocated almost already also although always am an and annex annual another any anybody anyone
anything apart appeal appeals appendix application appointment are area areas as asian aside assessing assessment
assessments assistant at attachment attendance attended august authority autism autumn available award away baby back
bank based be because become been before being below benefit benefits best between black board boards borough both
boxing brief british building business but by call called came can care carer carers carol caring case cases casework
catholic central centre chair chapter charity chief child childline children childcare childminder childrens christmas
church city claim clause clear client clinic clinical closure code college come coming commissioning committee
communication community companies company complaint complaints complainant complainants compliment concern concerns
conduct conference connected consent consultation contact contacts coordinator core corporate could council councils
councillor country county court courts cover coverage covid criminal crown current custody customer cuts daily data
date day days dear decision decisions deed delay department deputy despite did digital direct director disability
disabilities disabled disciplinary do does document domestic done draft drop due duty each early east easter eastern
edge education educational eid eight either email emergency emotional employee end england english enquiries enquiry
equality european even evening event every everybody everyone everything evidence ex exam except exclusion executive
explained external extra extension face faith fair families family fault february feedback female few fifth final
finally finance first five flat follow following for form formal forms forward foster fostering forum foundation four
fourth framework freedom french friday from front full functional further furthermore future gateway general german
get given gillick give going good got governance government grandparents great group guardian guidance gypsy had half
half-term halloween hall hate have having he head heads health hear hearing help helpline her here hers herself him
himself his hindu home homes hospital hour hours house household housing how however hub human i identity if
immediately impact improvement in inclusion incident independent india indian individual information initial inspector
instead instruction insurance integrated intensive intervention into investigating investigation investigations
investigator is it its itself january jewish job joint journey judge judicial july june just keeping kept key
keyworker kinship know lack lane last late later law lead leader leaders leading leave leaver leavers leaving legal
legislation less let letter level life like line list listening little local london long look looked lord made
magistrates make making male manager managers management many march matter maternity may maybe me medical meet meeting
meetings member members mental mentor message mid midlands might minister ministry minutes missing mixed mobile model
moderate module monday monitoring month more moreover morning most mosaic motability mother move moved much multi
multi-agency muslim must my myself named national near nearly need needs neglect neither neurodevelopmental never new
newborn next night nights nine no nobody non none nor north northern not note notes nothing notice notification
november now number nursery occupational october of off offender offer office officer officers official officially
often oh old older on once one ongoing only open opening operations or order orders organisation other others
otherwise our ours ourselves out outcome outcomes outreach over overnight overview own page paediatric pakistani panel
panels paragraph parent parental parenting parents park part participation partner partners partnership past pathway
pause pay payment people per performance perhaps permanence permanency person personal personnel personnal phase phone
photo physical place placed placement placements plan planning please pledge point police policy polish portal
positive post postgraduate practice practitioner pre pregnancy premium prevent preventing prevention previous primary
principal prior private probation procedure process professional professionals programme project proposal protection
protocol provision public pupil pupils put quality queen question quick ramadan rapid ready really reason recall
received receiving record records recruitment reduction re referral referrals reform refuge regarding region regional
register regulation regulations relationship relevant report reports representation representations request
residential resolution resource resources respite respond response restorative result return returned reunification
review reviewing reviews right rights road roma romanian rota royal said safe safeguarding safer same saturday says
scheme school schools scottish second secondary secretary section secure see self send senior sensory september
serious service services session sessions seven several shared she short should sibling siblings signs similarly since
single sir six skype slack small so social solihull solicitor some somebody someone something sometimes somali somehow
soon south southern special specialist spring staff stage standard standards start statement statutory steering step
still story strategic strategy strengthening strengths strengths-based stage-two street strong student students
subject summary summer sunday supervised supervising supervision supervisory support supported supporting sure surgery
system systems take taken targeted task tax teacher team teams teams' telephone tell ten term text than thank thanks
that the their theirs them themselves then there therefore therapeutic therapist therapy these they thing things third
this those though three threshold thresholds through throughout thursday thus time title to today together told
tomorrow too total traveller transfer transition transport treasury trainee training tribunal trust trusts try tuesday
turning twelve twice two type uk under unfortunately unit universal university unless unlike until update upheld upon
urgent us use user users usual usually very victim video virtual visit visiting visits voice voluntary volunteer
vulnerable waiting was wave we wednesday week weekend weekly weeks welfare well wellbeing welsh went were west western
what whatever when whenever where whereas whether which while white whitsun who whoever whole whom whose why wider
will winter wish wishes with within without witness women word words work worker workers working world would worried
write writing year years yes yesterday yet you young younger your yours yourself youth zoom ahead able absence academy
access activity addition additional advised afterwards agencies alternative amended answer anti apologies apology
assistance attention attitude background behaviour believe book breach bullying calendar celebrating chance change
changes charter checklist choices christian clerk close clinicals coaching collaborative communications compass
complex compliance conversation conversations cooperation correct correspondence costs counselling crisis cultural
customers damages december deadline deaf debate dedicated definitely delays delivery desk detailed details development
dignity disclosure discussion disputes diversity doctor doing drug duties eleven eligibility employment empower ending
engagement engaging ensuring entry equally escalation essential exit experience expert facilitator faculty failure
fathers fathering fiftieth finding findings fortnight forty friends fresh funding grand graduated grants growing
guarantee happy healthy hearings helping hidden hopefully horizons hope houses ideally identification implementation
importance including indeed induction initially inspection instructions intake integrity interim internal interpreter
irish issue issues italian kind kingdom kooth labour ladies language leadership learning legally lessons letters
liaison librarian library linked lived lives living locality looking lunch manual mandatory mainstream matching
mediation mellow mentoring mind mockingbird momentum moving ms mutual name names nation neighbourhood neuro
nevertheless newly next-day nhs normally nurse nursing nurturing objective observation obviously ofsted ombudsman
opinion opportunity option options organisations original outstanding overall overarching overdue paper papers
participants pastoral peer pending period permanent phoenix pilot platform policing possible possibly preparation
preparing present preventative principles priority prison probably problem problems procedures progress promoting
promise proper property proposed psychologist psychology purpose quarter quarterly racism ration readiness recent
recently recognising recommendation recommendations recovery referring reflective relational relationships reminder
removal repeat replacement reply requests research resilience responsible responsibilities restorative reunite risk
role room routine routines rule runaway running safety savings scrutiny search secondment security seeking senco
sexual shelter shire signposting situation skills sleep smoking something sorry specific speech stability stable
stakeholder state statements stepping stop stories street structure study substance sufficiency sunshine survey talk
talking tenancy terms thankfully theme themes theraplay thinking thoughts thrive timeline timescale timescales tools
topic towards town tracking transformation transitions trauma travel treatment triage trying tutor twenty typically
understand understanding unknown unregulated upper urgently values vice views village violence virtual visitor
visitors vision volunteers warning welcome whistleblowing willing witnesses workforce workplace workshop world wrong
academies admissions archive assistant-director bus cabinet carers' children's complainant's council's director's
family's father's hospital's mother's parents' school's today's tomorrow's worker's person's young-persons youngest
eldest oldest thames birmingham bristol leeds leicester leicestershire nottingham derby derbyshire nottinghamshire
manchester liverpool sheffield coventry warwickshire northampton northamptonshire lincolnshire norfolk suffolk essex
kent surrey sussex hampshire dorset devon cornwall somerset wiltshire gloucestershire oxfordshire berkshire
buckinghamshire bedfordshire hertfordshire cambridgeshire rutland cumbria lancashire yorkshire durham northumberland
cheshire staffordshire shropshire herefordshire worcestershire merseyside wales scotland ireland britain europe africa
poland romania pakistan india bangladesh ukraine syria afghanistan albania barnardo's barnardos coram nspcc cafcass
mencap relate citizens samaritans mosaic liquidlogic microsoft google whatsapp facebook instagram snapchat tiktok
excel outlook sharepoint windows arabic urdu polish punjabi gujarati kurdish pashto dari farsi tigrinya april jan feb
mar apr aug sept oct nov dec mon tue tues wed thu thur thurs fri sat sun milton keynes tower hamlets market harborough
hammersmith fulham kensington chelsea waltham forest barking dagenham brighton hove stoke trent redcar cleveland
telford wrekin bath blackburn darwen windsor maidenhead bournemouth poole merton richmond kingston newcastle southend
melton mowbray hinckley bosworth oadby wigston blaby charnwood loughborough coalville lutterworth ashby syston
birstall braunstone wolverhampton walsall dudley sandwell burton corby kettering wellingborough luton peterborough
swindon reading slough croydon camden islington hackney haringey lambeth lewisham southwark greenwich newham redbridge
havering enfield barnet harrow brent ealing hounslow hillingdon bexley bromley sutton westminster portsmouth
southampton plymouth exeter torbay salford bolton bury rochdale oldham stockport tameside trafford wigan bradford
kirklees calderdale wakefield doncaster rotherham barnsley hull grimsby scunthorpe york sunderland gateshead tyneside
middlesbrough hartlepool stockton darlington blackpool halton warrington wirral sefton knowsley cardiff swansea
belfast edinburgh glasgow dublin isle wight scilly thurrock medway nigerian ghanaian albanian ukrainian syrian afghan
somali eritrean sudanese iranian iraqi kurdish turkish greek portuguese spanish chinese caribbean jamaican lithuanian
latvian bulgarian hungarian catholic hindu sikh buddhist jehovah's orthodox deaf autistic society nspcc's ain't can't
couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll he's i'd i'll i'm i've isn't it's let's mustn't she'd
she'll she's shouldn't that's there's they'd they'll they're they've wasn't we'd we'll we're we've weren't what's
won't wouldn't you'd you'll you're you've
"""
)
# A given name in front of one of these belongs to a place, a scheme or a body: “Rose House”, “Clare’s Law”.
PLACES_AND_BODIES = words_of(
    """
house centre center road street lane avenue close drive school academy primary infant infants junior college
university hospital ward trust foundation unit lodge court building team law rule day suite wing clinic church hall
park surgery practice library nursery children's childrens family community health medical hub site campus grove
crescent way place estate cottage farm manor view square gardens charity project review inquiry enquiry report
principle framework scale method model test room hotel station bridge
"""
)
# After one of these, a letter or a capital is a label: “Option A”, “Part B”, “Team C”.
LABELLED = words_of(
    """
option plan part team appendix annex section schedule form category group grade class tier level band phase version
list item point question table figure box area zone unit ward block step stage route issue finding recommendation
theme exhibit document re vitamin hepatitis
"""
)
# What a relative of a named child is called: “Zofia’s mum” names a child whatever the name.
KIN = words_of(
    """
mother mum mam dad father parents parent brother sister brothers sisters siblings nan gran grandmother grandma grandad
grandparents aunt uncle stepdad stepmum stepfather stepmother carer carers birthday dob son daughter twin cousin
partner
"""
)
# What follows "mr" or "mrs" in lower case when no name does.
AFTER_LOWER_TITLE = words_of(
    """
and or is was has had said says who will would a an the in on at to of for x y z surgery appointment
"""
)
# A capital that nothing else explains, straight after one of these, is somebody.
BEFORE_PEOPLE = words_of(
    """
of with that for about by told when because if said why whether asked saw than but how while since until after before
met gave and like without against visited seen regarding concerning behalf let made help helped see collected left
"""
)
# At the start of a sentence the capital says nothing; these verbs do.
WHAT_PEOPLE_DO = words_of(
    """
says said told asked feels felt wants wanted thinks thought cried loves hates likes wishes rang phoned emailed lives
refuses refused complained complains believes moved turned missed stayed sleeps sleeps attends goes went came
"""
)
ENDINGS_OF_THINGS = ("ing", "ment", "ion", "ness", "ity", "ance", "ence", "ship", "ism", "ly", "ed", "s")
